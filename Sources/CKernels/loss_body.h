// Rows of scores as losses see them. Included once per level.

static float tk_level_max_below(const float *row, size_t n, float limit) {
    const tk_f16 none = tk_splat(-__builtin_inff());
    tk_f16 m0 = none, m1 = none;
    size_t j = 0;
    for (; j + 32 <= n; j += 32) {
        tk_f16 x = tk_load(row + j), y = tk_load(row + j + 16);
        m0 = tk_greater(m0, x < limit ? x : none);
        m1 = tk_greater(m1, y < limit ? y : none);
    }
    float m = tk_fold_max(tk_greater(m0, m1));
    TK_NO_UNROLL
    for (; j < n; j++) m = row[j] < limit && row[j] > m ? row[j] : m;
    return m;
}

static float tk_level_scaled_dot(const float *a, const float *b, size_t n, float scale) {
    tk_f16 sum = tk_splat(0);
    size_t j = 0;
    for (; j + 16 <= n; j += 16) {
        tk_f16 weight = b ? tk_load(b + j) * scale : tk_splat(scale);
        sum = TK_MADD(tk_load(a + j), weight, sum);
    }
    if (j < n) {
        tk_f16 weight = b ? tk_load_part(b + j, n - j) * scale : tk_splat(scale);
        sum = TK_MADD(tk_load_part(a + j, n - j), weight, sum);
    }
    return tk_fold_sum(sum);
}

// NaNs pass both comparisons.
TK_INLINE tk_f16 tk_clip(tk_f16 x, float low, float high) {
    x = x < low ? tk_splat(low) : x;
    return x > high ? tk_splat(high) : x;
}

static float tk_level_clipped_logs(
    const float *row, const float *counts, size_t n, float low, float high,
    float *restrict passed
) {
    tk_f16 sum = tk_splat(0);
    for (size_t j = 0; j < n; j += 16) {
        const size_t r = n - j < 16 ? n - j : 16;
        tk_f16 x = tk_get(row + j, r);
        tk_f16 count = counts ? tk_get(counts + j, r) : tk_first(r) ? tk_splat(1) : tk_splat(0);
        sum = TK_MADD(tk_log_vector(tk_clip(x, low, high)), count, sum);
        tk_f16 through = ((x < low) | (x > high)) ? tk_splat(0) : count;
        tk_put(passed + j, through, r);
    }
    return tk_fold_sum(sum);
}

static void tk_level_softplus_sigmoid(float *restrict softplus, float *restrict row, size_t n) {
    for (size_t j = 0; j < n; j += 16) {
        const size_t r = n - j < 16 ? n - j : 16;
        tk_f16 x = tk_get(row + j, r);
        // One exponential serves both.
        tk_f16 e = tk_exp_vector(-tk_abs(x));
        tk_put(softplus + j, tk_softplus_of(x, e), r);
        tk_put(row + j, tk_sigmoid_of(x, e), r);
    }
}

static void tk_level_hide(float *restrict row, const bool *seen, size_t n, float value) {
    typedef uint8_t bytes __attribute__((ext_vector_type(16), aligned(1)));
    size_t j = 0;
    for (; j + 16 <= n; j += 16) {
        tk_i16 keeps = __builtin_convertvector(*(const bytes *)(seen + j), tk_i16) != 0;
        tk_store(row + j, keeps ? tk_load(row + j) : tk_splat(value));
    }
    TK_NO_UNROLL
    for (; j < n; j++) row[j] = seen[j] ? row[j] : value;
}

static void tk_level_hide_uncounted(
    float *restrict row, const float *counts, size_t n, float value
) {
    size_t j = 0;
    for (; j + 16 <= n; j += 16) {
        tk_store(row + j, tk_load(counts + j) == 0 ? tk_splat(value) : tk_load(row + j));
    }
    TK_NO_UNROLL
    for (; j < n; j++) row[j] = counts[j] == 0 ? value : row[j];
}

static void tk_level_multiply(float *restrict row, const float *factors, size_t n) {
    size_t j = 0;
    for (; j + 16 <= n; j += 16) tk_store(row + j, tk_load(row + j) * tk_load(factors + j));
    TK_NO_UNROLL
    for (; j < n; j++) row[j] *= factors[j];
}
