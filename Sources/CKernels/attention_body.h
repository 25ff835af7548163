// Causal attention over a sequence. Included once per level.
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
