// Ranks and lists over rows of scores. Included once per level.

typedef bool tk_b16 __attribute__((ext_vector_type(16)));

// The true lanes of a comparison as bits, lane 0 the lowest.
TK_INLINE uint32_t tk_lanes_of(tk_i16 x) {
    tk_b16 lanes = __builtin_convertvector(x, tk_b16);
    uint16_t bits;
    __builtin_memcpy(&bits, &lanes, sizeof bits);
    return bits;
}

// Thresholds that are compared with one load of the scores.
enum { TK_THRESHOLDS = 4 };

// Adds to `greater` and `equal` for `t` thresholds at once, a constant after inlining.
TK_INLINE void tk_count_block(
    const int t, const float *row, size_t n, const float *thresholds, uint32_t *greater,
    uint32_t *equal
) {
    // A true lane is −1.
    tk_i16 above[TK_THRESHOLDS], same[TK_THRESHOLDS];
    tk_f16 limit[TK_THRESHOLDS];
    TK_UNROLL
    for (int i = 0; i < t; i++) {
        above[i] = same[i] = (tk_i16)(0);
        limit[i] = tk_splat(thresholds[i]);
    }
    size_t j = 0;
    for (; j + 16 <= n; j += 16) {
        tk_f16 x = tk_load(row + j);
        TK_UNROLL
        for (int i = 0; i < t; i++) {
            above[i] -= x > limit[i];
            same[i] -= x == limit[i];
        }
    }
    if (j < n) {
        tk_f16 x = tk_load_part(row + j, n - j);
        tk_i16 counted = tk_first(n - j);
        TK_UNROLL
        for (int i = 0; i < t; i++) {
            above[i] -= (x > limit[i]) & counted;
            same[i] -= (x == limit[i]) & counted;
        }
    }
    for (int i = 0; i < t; i++) {
        greater[i] += tk_fold_count(above[i]);
        equal[i] += tk_fold_count(same[i]);
    }
}

static void tk_level_count_above(
    const float *row, size_t n, const float *thresholds, size_t count, uint32_t *greater,
    uint32_t *equal
) {
    size_t i = 0;
    for (; i + TK_THRESHOLDS <= count; i += TK_THRESHOLDS) {
        tk_count_block(TK_THRESHOLDS, row, n, thresholds + i, greater + i, equal + i);
    }
    for (; i < count; i++) tk_count_block(1, row, n, thresholds + i, greater + i, equal + i);
}

static size_t tk_level_collect_above(
    const float *row, size_t n, float threshold, uint32_t first, uint64_t *keys
) {
    const tk_f16 limit = tk_splat(threshold);
    size_t found = 0, j = 0;
    for (; j + 64 <= n; j += 64) {
        // Most blocks hold nothing, which one comparison of their maxima tells. Starting from the
        // threshold, the maxima pass over NaNs.
        tk_f16 a = tk_greater(tk_greater(limit, tk_load(row + j)), tk_load(row + j + 16));
        tk_f16 b = tk_greater(tk_greater(limit, tk_load(row + j + 32)), tk_load(row + j + 48));
        if (tk_lanes_of(tk_greater(a, b) > limit) == 0) continue;
        TK_UNROLL
        for (size_t v = 0; v < 64; v += 16) {
            uint32_t lanes = tk_lanes_of(tk_load(row + j + v) > limit);
            for (; lanes; lanes &= lanes - 1) {
                size_t i = j + v + (size_t)__builtin_ctz(lanes);
                keys[found++] = tk_rank_key(row[i], first + (uint32_t)i);
            }
        }
    }
    TK_NO_UNROLL
    for (; j < n; j++) {
        if (row[j] > threshold) keys[found++] = tk_rank_key(row[j], first + (uint32_t)j);
    }
    return found;
}

// Four elements of each of 16 rows, from `p` on: out[i] has element i of every row in its lane.
TK_INLINE void tk_load_four(const float *const rows[16], size_t p, tk_f16 out[4]) {
    TK_UNROLL
    for (int v = 0; v < 4; v++) {
        out[v].lo.lo = *(const tk_f4_unaligned *)(rows[v] + p);
        out[v].lo.hi = *(const tk_f4_unaligned *)(rows[v + 4] + p);
        out[v].hi.lo = *(const tk_f4_unaligned *)(rows[v + 8] + p);
        out[v].hi.hi = *(const tk_f4_unaligned *)(rows[v + 12] + p);
    }
    tk_transpose_quarters(out);
}

static void tk_level_pair_scores(
    const float *a, size_t lda, const int32_t *a_rows, const float *b, size_t ldb,
    const int32_t *b_rows, size_t k, size_t n, float *restrict scores
) {
    for (size_t i = 0; i < n; i += 16) {
        size_t lanes = n - i < 16 ? n - i : 16;
        const float *x[16], *y[16];
        for (size_t r = 0; r < 16; r++) {
            // Lanes beyond the last pair repeat it.
            size_t pair = i + (r < lanes ? r : lanes - 1);
            x[r] = a + (a_rows ? (size_t)a_rows[pair] : pair) * lda;
            y[r] = b + (b_rows ? (size_t)b_rows[pair] : pair) * ldb;
        }
        tk_f16 sum = tk_splat(0);
        size_t p = 0;
        for (; p + 4 <= k; p += 4) {
            tk_f16 u[4], v[4];
            tk_load_four(x, p, u);
            tk_load_four(y, p, v);
            TK_UNROLL
            for (int q = 0; q < 4; q++) sum = TK_MADD(u[q], v[q], sum);
        }
        TK_NO_UNROLL
        for (; p < k; p++) {
            float u[16], v[16];
            TK_UNROLL
            for (int r = 0; r < 16; r++) u[r] = x[r][p];
            TK_UNROLL
            for (int r = 0; r < 16; r++) v[r] = y[r][p];
            sum = TK_MADD(tk_load(u), tk_load(v), sum);
        }
        tk_store_part(scores + i, sum, lanes);
    }
}

static float tk_level_max_abs(const float *row, size_t n) {
    // The bits of floats without a sign are ordered as their values are, NaN above infinity.
    tk_i16 most = (tk_i16)(0);
    size_t j = 0;
    for (; j + 16 <= n; j += 16) {
        tk_i16 x = (tk_i16)tk_load(row + j) & 0x7fffffff;
        most = x > most ? x : most;
    }
    if (j < n) {
        tk_i16 x = (tk_i16)tk_load_part(row + j, n - j) & 0x7fffffff;
        most = x > most ? x : most;
    }
    int32_t bits = 0;
    for (int i = 0; i < 16; i++) bits = most[i] > bits ? most[i] : bits;
    float value;
    __builtin_memcpy(&value, &bits, sizeof value);
    return value;
}
