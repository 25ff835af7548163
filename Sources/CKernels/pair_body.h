// One example's positive against every column of its row. Included once per level.

// log(1 + x) of x ≥ 0, given y = 1 + x and its reciprocal: what the addition lost is put back.
TK_INLINE tk_f16 tk_log_plus_one(tk_f16 x, tk_f16 y, tk_f16 reciprocal) {
    return TK_MADD(x - (y - 1), reciprocal, tk_log_normal(y));
}

static float tk_level_pair_logistic(
    const float *restrict odds, const float *counts, float *restrict slopes, size_t n,
    float factor, float weight, float *slope
) {
    tk_f16 losses = tk_splat(0), sums = tk_splat(0);
    for (size_t j = 0; j < n; j += 16) {
        const size_t r = n - j < 16 ? n - j : 16;
        const bool whole = r == 16;
        tk_f16 x = (whole ? tk_load(odds + j) : tk_load_part(odds + j, r)) * factor;
        tk_f16 y = x + 1;
        tk_f16 reciprocal = 1 / y;
        tk_f16 share = x * reciprocal;
        tk_f16 loss = tk_log_plus_one(x, y, reciprocal);
        // Beyond the row's end the odds are 0, and so are loss and share.
        tk_f16 count = tk_splat(1);
        if (counts) count = whole ? tk_load(counts + j) : tk_load_part(counts + j, r);
        losses = TK_MADD(loss, count, losses);
        sums = TK_MADD(share, count, sums);
        if (whole) {
            tk_store(slopes + j, TK_MADD(share, tk_splat(weight), tk_load(slopes + j)));
        } else {
            tk_f16 old = tk_load_part(slopes + j, r);
            tk_store_part(slopes + j, TK_MADD(share, tk_splat(weight), old), r);
        }
    }
    *slope = tk_fold_sum(sums);
    return tk_fold_sum(losses);
}

static float tk_level_pair_hinge(
    const float *restrict scores, const float *counts, float *restrict slopes, size_t n,
    float positive, float margin, float weight, float *slope
) {
    tk_f16 losses = tk_splat(0), sums = tk_splat(0);
    for (size_t j = 0; j < n; j += 16) {
        const size_t r = n - j < 16 ? n - j : 16;
        const bool whole = r == 16;
        tk_f16 score = whole ? tk_load(scores + j) : tk_load_part(scores + j, r);
        tk_f16 shortfall = margin - (positive - score);
        tk_i16 pays = shortfall > 0;
        if (!whole) pays &= tk_first(r);
        tk_f16 count = tk_splat(1);
        if (counts) count = whole ? tk_load(counts + j) : tk_load_part(counts + j, r);
        losses = TK_MADD(pays ? shortfall : tk_splat(0), count, losses);
        sums += pays ? count : tk_splat(0);
        tk_f16 added = pays ? tk_splat(weight) : tk_splat(0);
        if (whole) {
            tk_store(slopes + j, tk_load(slopes + j) + added);
        } else {
            tk_store_part(slopes + j, tk_load_part(slopes + j, r) + added, r);
        }
    }
    *slope = tk_fold_sum(sums);
    return tk_fold_sum(losses);
}

static void tk_level_group_max(const float *row, size_t n, float *restrict maxima) {
    tk_f16 m[4];
    TK_UNROLL
    for (int k = 0; k < 4; k++) m[k] = tk_splat(-__builtin_inff());
    size_t j = 0;
    for (; j + 64 <= n; j += 64) {
        TK_UNROLL
        for (int k = 0; k < 4; k++) m[k] = tk_greater(m[k], tk_load(row + j + 16 * k));
    }
    TK_UNROLL
    for (int k = 0; k < 4; k++) tk_store(maxima + 16 * k, m[k]);
    TK_NO_UNROLL
    for (size_t i = 0; j + i < n; i++) {
        maxima[i] = row[j + i] > maxima[i] ? row[j + i] : maxima[i];
    }
}
