// Encoders of sequences. Included once per level.

// MARK: Dropout

// The finalizer of SplitMix64 (Steele, Lea and Flood, 2014).
TK_INLINE uint64_t tk_mix(uint64_t z) {
    z += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

// What numbers are multiplied by, by a hash of their columns and the halves of their rows' keys.
TK_INLINE tk_f16 tk_kept(const tk_dropout *d, tk_u16 column, tk_u16 low, tk_u16 high) {
    tk_u16 x = column * 0x9e3779b9u + low;
    x = (x ^ (x >> 16)) * 0x7feb352du;
    x = (x ^ (x >> 15)) + high;
    x = (x ^ (x >> 13)) * 0x846ca68bu;
    return (x ^ (x >> 16)) < d->threshold ? tk_splat(0) : tk_splat(d->scale);
}

TK_INLINE uint64_t tk_row_key(const tk_dropout *d, uint64_t id) { return tk_mix(d->site ^ id); }

static void tk_level_drop_rows(
    float *dst, const float *src, size_t rows, size_t columns, const tk_dropout *dropout,
    const uint64_t *ids, bool accumulate
) {
    for (size_t i = 0; i < rows; i++, dst += columns, src += columns) {
        uint64_t key = dropout ? tk_row_key(dropout, ids[i]) : 0;
        tk_u16 low = (tk_u16)(uint32_t)key, high = (tk_u16)(uint32_t)(key >> 32);
        for (size_t j = 0; j < columns; j += 16) {
            tk_f16 x = tk_load(src + j);
            if (dropout) x *= tk_kept(dropout, (tk_u16)tk_lane() + (uint32_t)j, low, high);
            tk_store(dst + j, accumulate ? tk_load(dst + j) + x : x);
        }
    }
}

// MARK: Rows in and out

static void tk_level_place_rows(
    float *restrict dst, size_t ldd, const float *src, size_t lds, size_t n, size_t rows,
    float scale, const float *table, const int32_t *positions
) {
    for (size_t i = 0; i < rows; i++, dst += ldd, src += lds) {
        const float *position = table ? table + (size_t)positions[i] * ldd : NULL;
        for (size_t j = 0; j < n; j += 16) {
            tk_f16 x = tk_get(src + j, n - j < 16 ? n - j : 16) * scale;
            tk_store(dst + j, position ? x + tk_load(position + j) : x);
        }
    }
}

static void tk_level_take_rows(
    float *restrict dst, size_t ldd, const float *src, size_t lds, size_t n, size_t rows,
    float scale
) {
    for (size_t i = 0; i < rows; i++, dst += ldd, src += lds) {
        size_t j = 0;
        for (; j + 16 <= n; j += 16) tk_store(dst + j, tk_load(src + j) * scale);
        if (j < n) tk_store_part(dst + j, tk_load(src + j) * scale, n - j);
    }
}

static void tk_level_add_rows(float *restrict dst, const float *src, size_t ld, size_t rows) {
    for (size_t j = 0; j < ld; j += 16) {
        tk_f16 sum = tk_load(dst + j);
        for (size_t i = 0; i < rows; i++) sum += tk_load(src + i * ld + j);
        tk_store(dst + j, sum);
    }
}

// MARK: Layer normalization

typedef float tk_f4 __attribute__((ext_vector_type(4)));
typedef float tk_f4_unaligned __attribute__((ext_vector_type(4), aligned(4)));

// Rows that are worked on at once, so that the sums of one hide what those of another wait for.
enum { TK_FOUR = 4 };

// `tk_fold_sum` of four vectors.
TK_INLINE tk_f4 tk_fold_sums(const tk_f16 x[TK_FOUR]) {
    tk_f4 b[TK_FOUR];
    TK_UNROLL
    for (int r = 0; r < TK_FOUR; r++) {
        tk_f8 a = x[r].lo + x[r].hi;
        b[r] = a.lo + a.hi;
    }
    tk_f4 first = __builtin_shufflevector(b[0], b[1], 0, 1, 4, 5)
                  + __builtin_shufflevector(b[0], b[1], 2, 3, 6, 7);
    tk_f4 second = __builtin_shufflevector(b[2], b[3], 0, 1, 4, 5)
                   + __builtin_shufflevector(b[2], b[3], 2, 3, 6, 7);
    return __builtin_shufflevector(first, second, 0, 2, 4, 6)
           + __builtin_shufflevector(first, second, 1, 3, 5, 7);
}

TK_INLINE size_t tk_least(size_t a, size_t b) { return a < b ? a : b; }

// Where four rows begin, the last one again where there are fewer.
TK_INLINE void tk_four_rows(const float *x, size_t ld, size_t rows, const float *four[TK_FOUR]) {
    TK_UNROLL
    for (size_t r = 0; r < TK_FOUR; r++) four[r] = x + tk_least(r, rows - 1) * ld;
}

// 0 from n on.
TK_INLINE tk_f16 tk_within(tk_f16 x, size_t j, size_t n) {
    return j + 16 <= n ? x : (tk_first(n - j) ? x : tk_splat(0));
}

static void tk_level_normalize_rows(
    const float *x, size_t ld, size_t n, size_t rows, float epsilon, float *restrict normalized,
    float *restrict scales
) {
    for (size_t i = 0; i < rows; i += TK_FOUR) {
        const float *row[TK_FOUR];
        tk_four_rows(x + i * ld, ld, rows - i, row);
        tk_f16 sums[TK_FOUR] = {0}, squares[TK_FOUR] = {0};
        for (size_t j = 0; j < n; j += 16) {
            TK_UNROLL
            for (int r = 0; r < TK_FOUR; r++) sums[r] += tk_load(row[r] + j);
        }
        tk_f4 mean = tk_fold_sums(sums) / (float)n;
        for (size_t j = 0; j < n; j += 16) {
            TK_UNROLL
            for (int r = 0; r < TK_FOUR; r++) {
                tk_f16 d = tk_within(tk_load(row[r] + j) - mean[r], j, n);
                squares[r] = TK_MADD(d, d, squares[r]);
            }
        }
        tk_f4 variance = tk_fold_sums(squares) / (float)n;
        for (size_t r = 0; r < tk_least(rows - i, TK_FOUR); r++) {
            float scale = 1 / __builtin_sqrtf(variance[r] + epsilon);
            for (size_t j = 0; j < n; j += 16) {
                tk_f16 d = tk_within(tk_load(row[r] + j) - mean[r], j, n);
                tk_store(normalized + (i + r) * ld + j, d * scale);
            }
            scales[i + r] = scale;
        }
    }
}

// (g − mean(g) − x̂ mean(g x̂)) · scale, where g is the gradient of x̂.
static void tk_level_normalize_rows_gradient(
    const float *g, const float *normalized, const float *scales, size_t ld, size_t n,
    size_t rows, float *restrict of_x, bool accumulate
) {
    for (size_t i = 0; i < rows; i += TK_FOUR) {
        const float *row[TK_FOUR], *y[TK_FOUR];
        tk_four_rows(normalized + i * ld, ld, rows - i, row);
        tk_four_rows(g + i * ld, ld, rows - i, y);
        tk_f16 sums[TK_FOUR] = {0}, slopes[TK_FOUR] = {0};
        for (size_t j = 0; j < n; j += 16) {
            TK_UNROLL
            for (int r = 0; r < TK_FOUR; r++) {
                tk_f16 d = tk_load(y[r] + j);
                sums[r] += d;
                slopes[r] = TK_MADD(d, tk_load(row[r] + j), slopes[r]);
            }
        }
        tk_f4 mean = tk_fold_sums(sums) / (float)n, slope = tk_fold_sums(slopes) / (float)n;
        for (size_t r = 0; r < tk_least(rows - i, TK_FOUR); r++) {
            float *to = of_x + (i + r) * ld;
            for (size_t j = 0; j < n; j += 16) {
                tk_f16 d = tk_load(y[r] + j) - mean[r] - tk_load(row[r] + j) * slope[r];
                d = tk_within(d * scales[i + r], j, n);
                tk_store(to + j, accumulate ? tk_load(to + j) + d : d);
            }
        }
    }
}

static void tk_level_scale_rows(
    const float *x, size_t ld, size_t rows, const float *gamma, const float *beta,
    float *restrict y
) {
    for (size_t i = 0; i < rows; i++, x += ld, y += ld) {
        for (size_t j = 0; j < ld; j += 16) {
            tk_store(y + j, TK_MADD(tk_load(x + j), tk_load(gamma + j), tk_load(beta + j)));
        }
    }
}

static void tk_level_scale_rows_gradient(
    float *restrict of_y, const float *x, size_t ld, size_t rows, const float *gamma,
    float *restrict of_gamma, float *restrict of_beta
) {
    for (size_t j = 0; j < ld; j += 16) {
        tk_f16 slopes = tk_load(of_gamma + j), sum = tk_load(of_beta + j);
        const tk_f16 factor = tk_load(gamma + j);
        for (size_t i = 0; i < rows; i++) {
            tk_f16 d = tk_load(of_y + i * ld + j);
            slopes = TK_MADD(d, tk_load(x + i * ld + j), slopes);
            sum += d;
            tk_store(of_y + i * ld + j, d * factor);
        }
        tk_store(of_gamma + j, slopes);
        tk_store(of_beta + j, sum);
    }
}

// MARK: Gains within kernels

static void tk_level_fold_gains(
    const float *kernel, size_t rows, size_t columns, const float *gamma, const float *beta,
    float *restrict folded, float *restrict bias
) {
    for (size_t j = 0; j < columns; j += 16) {
        const size_t r = tk_least(columns - j, 16);
        tk_f16 sum = tk_get(bias + j, r);
        for (size_t i = 0; i < rows; i++) {
            tk_f16 x = tk_get(kernel + i * columns + j, r);
            tk_put(folded + i * columns + j, x * gamma[i], r);
            sum = TK_MADD(x, tk_splat(beta[i]), sum);
        }
        tk_put(bias + j, sum, r);
    }
}

static void tk_level_unfold_gains_gradient(
    const float *kernel, size_t rows, size_t columns, const float *gamma, const float *beta,
    float *restrict of_kernel, const float *of_bias, float *restrict of_gamma,
    float *restrict of_beta
) {
    for (size_t i = 0; i < rows; i++, kernel += columns, of_kernel += columns) {
        tk_f16 slopes = tk_splat(0), sums = tk_splat(0);
        for (size_t j = 0; j < columns; j += 16) {
            const size_t r = tk_least(columns - j, 16);
            tk_f16 w = tk_get(kernel + j, r), d = tk_get(of_kernel + j, r);
            tk_f16 b = tk_get(of_bias + j, r);
            slopes = TK_MADD(w, d, slopes);
            sums = TK_MADD(w, b, sums);
            tk_put(of_kernel + j, TK_MADD(b, tk_splat(beta[i]), d * gamma[i]), r);
        }
        of_gamma[i] += tk_fold_sum(slopes);
        of_beta[i] += tk_fold_sum(sums);
    }
}

// MARK: The network's activation

static void tk_level_relu(float *x, size_t n) {
    for (size_t j = 0; j < n; j += 16) {
        tk_f16 y = tk_load(x + j);
        tk_store(x + j, y < 0 ? tk_splat(0) : y);
    }
}

static void tk_level_relu_gradient(
    float *restrict of_y, const float *y, size_t n, float scale
) {
    for (size_t j = 0; j < n; j += 16) {
        tk_f16 dy = tk_load(of_y + j) * scale;
        tk_store(of_y + j, tk_load(y + j) > 0 ? dy : tk_splat(0));
    }
}

// MARK: Attention
//
// Scores, weights and slopes stand by the step that is seen: row j has a number for each step that
// sees step j. So the softmax of 16 steps runs over whole vectors, one below the other, without a
// sum over the lanes of any.

// The products of TK_NV rows with four others, `width` numbers of each.
TK_INLINE void tk_dots(
    const float *const a[TK_NV], const float *const b[TK_FOUR], size_t width, tk_f4 dots[TK_NV]
) {
    tk_f16 sums[TK_NV][TK_FOUR];
    // Numbers of half a vector at the end come first.
    const size_t whole = (width + 7) / 16 * 16;
    const bool half = whole < width;
    TK_UNROLL
    for (int r = 0; r < TK_NV; r++) {
        TK_UNROLL
        for (int s = 0; s < TK_FOUR; s++) {
            sums[r][s] = half ? tk_first_half(tk_load_half(a[r] + whole)
                                              * tk_load_half(b[s] + whole))
                              : tk_splat(0);
        }
    }
    TK_NO_UNROLL
    for (size_t j = 0; j < whole; j += 16) {
        tk_f16 x[TK_NV];
        TK_UNROLL
        for (int r = 0; r < TK_NV; r++) x[r] = tk_load(a[r] + j);
        TK_UNROLL
        for (int s = 0; s < TK_FOUR; s++) {
            tk_f16 y = tk_load(b[s] + j);
            TK_UNROLL
            for (int r = 0; r < TK_NV; r++) sums[r][s] = TK_MADD(x[r], y, sums[r][s]);
        }
    }
    TK_UNROLL
    for (int r = 0; r < TK_NV; r++) dots[r] = tk_fold_sums(sums[r]);
}

// products[j, i] = seen[j] · seeing[i] where i is at least j. Others of the rows may be written.
static void tk_causal_products(
    const tk_attention *a, const float *seen, const float *seeing, float *restrict products
) {
    const size_t ld = a->ld, ldw = a->ldw, last = a->steps - 1;
    for (size_t j = 0; j < a->steps; j += TK_NV) {
        const float *rows[TK_NV], *four[TK_FOUR];
        TK_UNROLL
        for (size_t r = 0; r < TK_NV; r++) rows[r] = seen + tk_least(j + r, last) * ld;
        for (size_t i = j / TK_FOUR * TK_FOUR; i < a->steps; i += TK_FOUR) {
            tk_f4 dots[TK_NV];
            tk_four_rows(seeing + i * ld, ld, a->steps - i, four);
            tk_dots(rows, four, a->width, dots);
            TK_UNROLL
            for (size_t r = 0; r < TK_NV; r++) {
                *(tk_f4_unaligned *)(products + tk_least(j + r, last) * ldw + i) = dots[r];
            }
        }
    }
}

// The vectors of up to 16 steps that see. Where rows have 8 numbers a vector holds two of them.
typedef struct {
    size_t start, stride, count;
    bool pairs;
    // The step that sees, of each lane, and what it sees in the first vector.
    tk_i16 seeing, seen;
    int32_t steps;
} tk_strip;

TK_INLINE tk_strip tk_strip_of(const tk_attention *a, size_t start) {
    const bool pairs = a->ldw == 8;
    const tk_i16 lane = tk_lane();
    return (tk_strip){
        .start = start,
        .stride = pairs ? 16 : a->ldw,
        .count = pairs ? (a->steps + 1) / 2 : tk_least(a->steps, start + 16),
        .pairs = pairs,
        .seeing = (pairs ? lane & 7 : lane) + (int32_t)start,
        .seen = pairs ? lane >> 3 : (tk_i16)0,
        .steps = (int32_t)a->steps,
    };
}

TK_INLINE tk_i16 tk_seen_in(const tk_strip *s, size_t t) {
    return s->seen + (int32_t)(s->pairs ? 2 * t : t);
}

// The lanes of vector t in which a step sees.
TK_INLINE tk_i16 tk_sees(const tk_strip *s, size_t t) {
    return (s->seeing >= tk_seen_in(s, t)) & (s->seeing < s->steps);
}

// The halves of a vector in each other's place.
TK_INLINE tk_f16 tk_swapped(tk_f16 x) {
    return __builtin_shufflevector(x, x, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7);
}

// The softmax, over the steps that are seen, of scores times a scale; 0 elsewhere.
static void tk_causal_softmax(const tk_attention *a) {
    for (size_t i = 0; i < a->steps; i += 16) {
        const tk_strip strip = tk_strip_of(a, i);
        float *weights = a->weights + i;
        tk_f16 greatest = tk_splat(-__builtin_inff());
        for (size_t t = 0; t < strip.count; t++) {
            tk_f16 x = tk_load(weights + t * strip.stride) * a->scale;
            greatest = tk_greater(greatest, tk_sees(&strip, t) ? x : greatest);
        }
        if (strip.pairs) greatest = tk_greater(greatest, tk_swapped(greatest));
        // Of every other step each, whether these stand in halves of a vector or not.
        tk_f16 sum = tk_splat(0), other = tk_splat(0);
        for (size_t t = 0; t < strip.count; t++) {
            const tk_i16 sees = tk_sees(&strip, t);
            tk_f16 x = tk_load(weights + t * strip.stride) * a->scale - greatest;
            tk_f16 y = tk_exp_vector(sees ? x : tk_splat(0));
            y = sees ? y : tk_splat(0);
            tk_store(weights + t * strip.stride, y);
            const tk_f16 added = (strip.pairs ? sum : other) + y;
            other = sum;
            sum = added;
        }
        sum += strip.pairs ? tk_swapped(sum) : other;
        const tk_f16 share = 1 / sum;
        for (size_t t = 0; t < strip.count; t++) {
            float *row = weights + t * strip.stride;
            tk_store(row, tk_load(row) * share);
        }
    }
}

// slopes = scale · w · (s − Σ w s), the sum over the steps that are seen.
static void tk_causal_softmax_gradient(const tk_attention *a) {
    for (size_t i = 0; i < a->steps; i += 16) {
        const tk_strip strip = tk_strip_of(a, i);
        const float *weights = a->weights + i;
        float *slopes = a->slopes + i;
        tk_f16 mean = tk_splat(0);
        for (size_t t = 0; t < strip.count; t++) {
            float *row = slopes + t * strip.stride;
            tk_f16 s = tk_sees(&strip, t) ? tk_load(row) : tk_splat(0);
            mean = TK_MADD(tk_load(weights + t * strip.stride), s, mean);
            tk_store(row, s);
        }
        if (strip.pairs) mean += tk_swapped(mean);
        for (size_t t = 0; t < strip.count; t++) {
            float *row = slopes + t * strip.stride;
            tk_f16 d = (tk_load(row) - mean) * a->scale;
            tk_store(row, tk_load(weights + t * strip.stride) * d);
        }
    }
}

// Drops of weights, or of their slopes, in the row of the step that sees.
static void tk_causal_drop(const tk_attention *a, const float *src, float *dst) {
    for (size_t i = 0; i < a->steps; i += 16) {
        const tk_strip strip = tk_strip_of(a, i);
        tk_u16 low = {0}, high = {0};
        for (int lane = 0; lane < 16; lane++) {
            const int32_t step = strip.seeing[lane];
            if (step >= strip.steps) continue;
            const uint64_t key = tk_row_key(a->dropout, a->ids[step]);
            low[lane] = (uint32_t)key;
            high[lane] = (uint32_t)(key >> 32);
        }
        for (size_t t = 0; t < strip.count; t++) {
            const size_t at = i + t * strip.stride;
            tk_f16 kept = tk_kept(a->dropout, (tk_u16)tk_seen_in(&strip, t), low, high);
            tk_store(dst + at, tk_load(src + at) * kept);
        }
    }
}

// What sums over the steps up to each are made of.
typedef struct {
    size_t steps;
    // Weight (i, j) is weights[i · across + j · down].
    const float *weights;
    ptrdiff_t across, down;
    // Of the rows and of the sums.
    ptrdiff_t ld;
} tk_prefix;

// sums[i] = Σⱼ weight (i, j) · rows[j], j from 0 to i, of as many vectors of columns. Two steps at
// a time; the second one has a row more.
TK_INLINE void tk_prefix_sums(
    const int vectors, const bool half, const tk_prefix *p, const float *rows, float *sums
) {
    const int nv = half ? vectors - 1 : vectors;
    const float *weights = p->weights;
    for (size_t i = 0; i < p->steps; i += 2, weights += 2 * p->across, sums += 2 * p->ld) {
        const bool two = i + 1 < p->steps;
        const ptrdiff_t second = two ? p->across : 0;
        tk_f16 acc[2][2 * TK_NV] = {{0}};
        tk_f8 last[2] = {0};
        const float *w = weights, *x = rows;
        TK_NO_UNROLL
        for (size_t j = 0; j <= i; j++, w += p->down, x += p->ld) {
            const tk_f16 w0 = tk_splat(w[0]), w1 = tk_splat(w[second]);
            TK_UNROLL
            for (int v = 0; v < nv; v++) {
                tk_f16 y = tk_load(x + 16 * v);
                acc[0][v] = TK_MADD(w0, y, acc[0][v]);
                acc[1][v] = TK_MADD(w1, y, acc[1][v]);
            }
            if (!half) continue;
            tk_f8 y = tk_load_half(x + 16 * nv);
            last[0] = TK_MADD(w0.lo, y, last[0]);
            last[1] = TK_MADD(w1.lo, y, last[1]);
        }
        TK_UNROLL
        for (int v = 0; v < nv; v++) tk_store(sums + 16 * v, acc[0][v]);
        if (half) tk_store(sums + 16 * nv, tk_first_half(last[0]));
        if (!two) return;
        const tk_f16 w1 = tk_splat(w[second]);
        float *next = sums + p->ld;
        TK_UNROLL
        for (int v = 0; v < nv; v++) {
            tk_store(next + 16 * v, TK_MADD(w1, tk_load(x + 16 * v), acc[1][v]));
        }
        if (half) {
            tk_f8 y = TK_MADD(w1.lo, tk_load_half(x + 16 * nv), last[1]);
            tk_store(next + 16 * nv, tk_first_half(y));
        }
    }
}

// The same of `width` columns.
static void tk_prefix_sums_of(
    size_t width, const tk_prefix *p, const float *rows, float *sums
) {
    enum { most = 2 * TK_NV };
    for (size_t j = 0; j < width; j += 16 * most) {
        const size_t vectors = (width - j + 15) / 16;
        const bool half = vectors <= most && (width - 1) % 16 < 8;
#define TK_OF(n)                                                                               \
    (half ? tk_prefix_sums(n, true, p, rows + j, sums + j)                                     \
          : tk_prefix_sums(n, false, p, rows + j, sums + j))
        if (vectors >= most) TK_OF(most);
        else if (vectors == 1) TK_OF(1);
        else if (vectors == 2) TK_OF(2);
        else TK_OF(most - 1);
#undef TK_OF
    }
}

static void tk_level_attend(const tk_attention *a, float *restrict outputs) {
    if (a->steps == 0) return;
    tk_causal_products(a, a->keys, a->queries, a->weights);
    tk_causal_softmax(a);
    const float *used = a->weights;
    if (a->dropout) {
        tk_causal_drop(a, a->weights, a->dropped);
        used = a->dropped;
    }
    const tk_prefix sums = {a->steps, used, 1, (ptrdiff_t)a->ldw, (ptrdiff_t)a->ld};
    tk_prefix_sums_of(a->width, &sums, a->values, outputs);
}

static void tk_level_attend_gradient(
    const tk_attention *a, const float *of_outputs, float *restrict of_queries,
    float *restrict of_keys, float *restrict of_values
) {
    if (a->steps == 0) return;
    const ptrdiff_t ld = (ptrdiff_t)a->ld, ldw = (ptrdiff_t)a->ldw;
    tk_causal_products(a, a->values, of_outputs, a->slopes);
    const float *used = a->weights;
    if (a->dropout) {
        tk_causal_drop(a, a->weights, a->dropped);
        tk_causal_drop(a, a->slopes, a->slopes);
        used = a->dropped;
    }
    tk_causal_softmax_gradient(a);
    const tk_prefix seen = {a->steps, a->slopes, 1, ldw, ld};
    tk_prefix_sums_of(a->width, &seen, a->keys, of_queries);
    // A step gets back from those that see it: the steps up to it, of the sequence read backwards.
    const ptrdiff_t last = (ptrdiff_t)a->steps - 1, row = last * ld, weight = last * (ldw + 1);
    const tk_prefix by_slopes = {a->steps, a->slopes + weight, -ldw, -1, -ld};
    tk_prefix_sums_of(a->width, &by_slopes, a->queries + row, of_keys + row);
    const tk_prefix by_weights = {a->steps, used + weight, -ldw, -1, -ld};
    tk_prefix_sums_of(a->width, &by_weights, of_outputs + row, of_values + row);
}
