// Rows of scores: reductions and updates in place. Included once per level.

static float tk_level_max(const float *row, size_t n) {
    // The maximum does not depend on the order: four vectors hide the latency.
    tk_f16 m0 = tk_splat(-__builtin_inff()), m1 = m0, m2 = m0, m3 = m0;
    size_t j = 0;
    for (; j + 64 <= n; j += 64) {
        m0 = tk_greater(m0, tk_load(row + j));
        m1 = tk_greater(m1, tk_load(row + j + 16));
        m2 = tk_greater(m2, tk_load(row + j + 32));
        m3 = tk_greater(m3, tk_load(row + j + 48));
    }
    for (; j + 16 <= n; j += 16) m0 = tk_greater(m0, tk_load(row + j));
    float m = tk_fold_max(tk_greater(tk_greater(m0, m1), tk_greater(m2, m3)));
    TK_NO_UNROLL
    for (; j < n; j++) m = row[j] > m ? row[j] : m;
    return m;
}

static size_t tk_level_argmax(const float *row, size_t n) {
    float m = tk_level_max(row, n);
    size_t j = 0;
    while (j + 16 <= n && !tk_any(tk_load(row + j) == m)) j += 16;
    for (; j < n; j++) {
        if (row[j] == m) return j;
    }
    return 0;
}

static float tk_level_sum(const float *row, size_t n) {
    tk_f16 sum = tk_splat(0);
    size_t j = 0;
    for (; j + 16 <= n; j += 16) sum += tk_load(row + j);
    if (j < n) sum += tk_load_part(row + j, n - j);
    return tk_fold_sum(sum);
}

static float tk_level_dot(const float *a, const float *b, size_t n) {
    tk_f16 sum = tk_splat(0);
    size_t j = 0;
    for (; j + 16 <= n; j += 16) sum = TK_MADD(tk_load(a + j), tk_load(b + j), sum);
    if (j < n) sum = TK_MADD(tk_load_part(a + j, n - j), tk_load_part(b + j, n - j), sum);
    return tk_fold_sum(sum);
}

// `ordinary`: whether every |row[j] − shift| is known to be below 87. It decides no bit.
TK_INLINE float tk_exp_sum(
    float *restrict row, size_t n, float shift, const float *counts, const bool ordinary
) {
    tk_f16 sum = tk_splat(0);
    size_t j = 0;
    for (; j + 16 <= n; j += 16) {
        tk_f16 x = tk_load(row + j) - shift;
        tk_f16 y = ordinary ? tk_exp_ordinary(x) : tk_exp_vector(x);
        if (counts) y *= tk_load(counts + j);
        tk_store(row + j, y);
        sum += y;
    }
    if (j < n) {
        tk_f16 y = tk_exp_vector(tk_load_part(row + j, n - j) - shift);
        if (counts) y *= tk_load_part(counts + j, n - j);
        tk_store_part(row + j, y, n - j);
        sum += tk_first(n - j) ? y : tk_splat(0);
    }
    return tk_fold_sum(sum);
}

static float tk_level_exp_shift_sum(
    float *restrict row, size_t n, float shift, const float *counts
) {
    return counts ? tk_exp_sum(row, n, shift, counts, false)
                  : tk_exp_sum(row, n, shift, NULL, false);
}

static float tk_level_exp_max_sum(
    float *restrict row, size_t n, const float *counts, float *maximum
) {
    // As `tk_level_max`, and the largest magnitude: NaNs and infinities have large bits.
    tk_f16 m0 = tk_splat(-__builtin_inff()), m1 = m0;
    tk_u16 a0 = 0, a1 = 0;
    size_t j = 0;
    for (; j + 32 <= n; j += 32) {
        tk_f16 x = tk_load(row + j), y = tk_load(row + j + 16);
        m0 = tk_greater(m0, x);
        m1 = tk_greater(m1, y);
        a0 = __builtin_elementwise_max(a0, (tk_u16)tk_abs(x));
        a1 = __builtin_elementwise_max(a1, (tk_u16)tk_abs(y));
    }
    float m = tk_fold_max(tk_greater(m0, m1));
    uint32_t largest = __builtin_reduce_max(__builtin_elementwise_max(a0, a1));
    TK_NO_UNROLL
    for (; j < n; j++) {
        m = row[j] > m ? row[j] : m;
        uint32_t magnitude;
        __builtin_memcpy(&magnitude, row + j, sizeof magnitude);
        magnitude &= 0x7fffffff;
        largest = magnitude > largest ? magnitude : largest;
    }
    *maximum = m;
    const float limit = 43;
    uint32_t ordinary;
    __builtin_memcpy(&ordinary, &limit, sizeof ordinary);
    if (largest > ordinary) return tk_level_exp_shift_sum(row, n, m, counts);
    return counts ? tk_exp_sum(row, n, m, counts, true) : tk_exp_sum(row, n, m, NULL, true);
}

static void tk_level_scale(float *row, size_t n, float s) {
    size_t j = 0;
    for (; j + 16 <= n; j += 16) tk_store(row + j, tk_load(row + j) * s);
    TK_NO_UNROLL
    for (; j < n; j++) row[j] *= s;
}

static void tk_level_axpy(float *restrict y, const float *x, float a, size_t n) {
    size_t j = 0;
    for (; j + 16 <= n; j += 16) {
        tk_store(y + j, TK_MADD(tk_load(x + j), tk_splat(a), tk_load(y + j)));
    }
    if (j < n) {
        size_t r = n - j;
        tk_f16 part = tk_load_part(y + j, r);
        tk_store_part(y + j, TK_MADD(tk_load_part(x + j, r), tk_splat(a), part), r);
    }
}

static void tk_level_affine(float *restrict row, size_t n, float divisor, const float *bias) {
    size_t j = 0;
    if (divisor != 1) {
        for (; j + 16 <= n; j += 16) tk_store(row + j, tk_load(row + j) / divisor);
        TK_NO_UNROLL
        for (; j < n; j++) row[j] /= divisor;
    }
    if (!bias) return;
    for (j = 0; j + 16 <= n; j += 16) tk_store(row + j, tk_load(row + j) + tk_load(bias + j));
    TK_NO_UNROLL
    for (; j < n; j++) row[j] += bias[j];
}

static uint32_t tk_fold_count(tk_i16 x) {
    uint32_t count = 0;
    for (int i = 0; i < 16; i++) count += (uint32_t)x[i];
    return count;
}

static void tk_level_count_greater(
    const float *row, size_t n, float threshold, uint32_t *greater, uint32_t *equal,
    uint32_t *nonfinite
) {
    // A true lane is −1.
    tk_i16 above = 0, same = 0, odd = 0;
    for (size_t j = 0; j < n; j += 16) {
        size_t r = n - j < 16 ? n - j : 16;
        tk_f16 x = tk_get(row + j, r);
        tk_i16 counted = r == 16 ? (tk_i16)(-1) : tk_first(r);
        above -= (x > threshold) & counted;
        same -= (x == threshold) & counted;
        odd -= (((tk_i16)x & 0x7f800000) == 0x7f800000) & counted;
    }
    *greater = tk_fold_count(above);
    *equal = tk_fold_count(same);
    if (nonfinite) *nonfinite = tk_fold_count(odd);
}

static size_t tk_level_find_above(const float *row, size_t n, size_t start, float limit) {
    size_t j = start;
    while (j + 16 <= n && tk_all(tk_load(row + j) <= limit)) j += 16;
    while (j < n && row[j] <= limit) j++;
    return j < n ? j : n;
}

// The lanes of r columns as a balanced tree over their numbers.
TK_INLINE tk_f16 tk_two_lanes(const float *src, size_t stride, size_t r) {
    return tk_get(src, r) + tk_get(src + stride, r);
}

TK_INLINE tk_f16 tk_four_lanes(const float *src, size_t stride, size_t r) {
    return tk_two_lanes(src, stride, r) + tk_two_lanes(src + 2 * stride, stride, r);
}

TK_INLINE tk_f16 tk_some_lanes(const float *src, size_t count, size_t stride, size_t r) {
    if (count == 8) {
        return tk_four_lanes(src, stride, r) + tk_four_lanes(src + 4 * stride, stride, r);
    }
    tk_f16 lanes[8];
    lanes[0] = tk_splat(0);
    for (size_t i = 0; i < count; i++) lanes[i] = tk_get(src + i * stride, r);
    for (size_t step = 1; step < count; step *= 2)
        for (size_t i = 0; i + step < count; i += 2 * step) lanes[i] += lanes[i + step];
    return lanes[0];
}

static void tk_level_sum_lanes(
    float *restrict dst, const float *src, size_t count, size_t stride, size_t n
) {
    size_t j = 0;
    for (; j + 16 <= n; j += 16) tk_store(dst + j, tk_some_lanes(src + j, count, stride, 16));
    if (j < n) tk_store_part(dst + j, tk_some_lanes(src + j, count, stride, n - j), n - j);
}

static void tk_level_sum_partials(
    float *restrict dst, const float *src, size_t count, size_t stride, size_t n
) {
    size_t j = 0;
    for (; j + 16 <= n; j += 16) {
        tk_f16 sum = count > 0 ? tk_load(src + j) : tk_splat(0);
        for (size_t i = 1; i < count; i++) sum += tk_load(src + i * stride + j);
        tk_store(dst + j, sum);
    }
    TK_NO_UNROLL
    for (; j < n; j++) {
        float sum = count > 0 ? src[j] : 0;
        for (size_t i = 1; i < count; i++) sum += src[i * stride + j];
        dst[j] = sum;
    }
}
