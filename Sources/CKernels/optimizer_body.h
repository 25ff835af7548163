// The updates of optimizers that remember more than one number, or more than a sum. Every operation
// is rounded by itself. Included once per level.
//
// Each rule is a function of up to 16 numbers from index i on, `r` of them: 16 in the loop, where
// the compiler sees the constant, and the rest at the end.

TK_INLINE tk_f16 tk_gradient(const float *g, size_t i, size_t r) {
    return g ? tk_get(g + i, r) : tk_splat(0);
}

// What decays ends at 0 rather than among the denormal numbers.
TK_INLINE tk_f16 tk_flush(tk_f16 x) { return tk_abs(x) < 0x1p-126f ? tk_splat(0) : x; }

TK_INLINE tk_f16 tk_sqrt16(tk_f16 x) { return __builtin_elementwise_sqrt(x); }

TK_INLINE void tk_weight_decay_step(float *w, size_t i, size_t r, float decay, float lr) {
    tk_f16 x = tk_get(w + i, r);
    tk_put(w + i, x - x * decay * lr, r);
}

static void tk_level_weight_decay(float *w, size_t n, float decay, float lr) {
#define TK_STEP(i, r) tk_weight_decay_step(w, i, r, decay, lr)
    TK_ALL(n, TK_STEP);
#undef TK_STEP
}

TK_INLINE void tk_momentum_step(
    float *w, float *m, const float *g, size_t i, size_t r, float lr, float momentum,
    bool nesterov
) {
    tk_f16 down = -tk_gradient(g, i, r) * lr;
    tk_f16 moment = tk_flush(down + tk_get(m + i, r) * momentum);
    tk_put(m + i, moment, r);
    tk_f16 move = nesterov ? down + moment * momentum : moment;
    tk_put(w + i, tk_get(w + i, r) + move, r);
}

static void tk_level_momentum(
    float *restrict w, float *restrict m, const float *g, size_t n, float lr, float momentum,
    bool nesterov
) {
#define TK_STEP(i, r) tk_momentum_step(w, m, g, i, r, lr, momentum, nesterov)
    TK_ALL(n, TK_STEP);
#undef TK_STEP
}

TK_INLINE tk_f16 tk_average(tk_f16 old, tk_f16 x, float rate) {
    return tk_flush(old + (x - old) * rate);
}

TK_INLINE tk_f16 tk_moved_average(float *a, tk_f16 x, size_t i, size_t r, float rate) {
    tk_f16 average = tk_average(tk_get(a + i, r), x, rate);
    tk_put(a + i, average, r);
    return average;
}

// MARK: Adam

// A parameter's numbers in all lanes, with what is remembered of them.
typedef struct {
    tk_f16 w, m, v, v_max;
} tk_adam_lanes;

// Where they stand, and the rates of every step.
typedef struct {
    float *w, *m, *v, *v_max;
    float rate_1, rate_2, eps;
} tk_adam_slots;

TK_INLINE tk_adam_lanes tk_adam_get(const tk_adam_slots *s, size_t i, size_t r) {
    return (tk_adam_lanes){
        .w = tk_get(s->w + i, r), .m = tk_get(s->m + i, r), .v = tk_get(s->v + i, r),
        .v_max = s->v_max ? tk_get(s->v_max + i, r) : tk_splat(0)};
}

TK_INLINE void tk_adam_put(const tk_adam_slots *s, tk_adam_lanes a, size_t i, size_t r) {
    tk_put(s->m + i, a.m, r);
    tk_put(s->v + i, a.v, r);
    if (s->v_max) tk_put(s->v_max + i, a.v_max, r);
    tk_put(s->w + i, a.w, r);
}

// What is remembered after a gradient x.
TK_INLINE tk_adam_lanes tk_adam_remembered(tk_adam_lanes a, tk_f16 x, const tk_adam_slots *s) {
    a.m = tk_average(a.m, x, s->rate_1);
    a.v = tk_average(a.v, x * x, s->rate_2);
    if (s->v_max) a.v_max = tk_greater(a.v_max, a.v);
    return a;
}

TK_INLINE tk_f16 tk_adam_way(tk_adam_lanes a, float alpha, const tk_adam_slots *s) {
    return (a.m * alpha) / (tk_sqrt16(s->v_max ? a.v_max : a.v) + s->eps);
}

// One step by the gradient x.
TK_INLINE tk_adam_lanes tk_adam_moved(
    tk_adam_lanes a, tk_f16 x, float alpha, const tk_adam_slots *s
) {
    a = tk_adam_remembered(a, x, s);
    a.w = a.w - tk_adam_way(a, alpha, s);
    return a;
}

TK_INLINE void tk_adam_step(
    const tk_adam_slots *s, const float *g, size_t i, size_t r, float alpha
) {
    tk_adam_put(s, tk_adam_moved(tk_adam_get(s, i, r), tk_gradient(g, i, r), alpha, s), i, r);
}

TK_INLINE void tk_adam_all(const tk_adam_slots s, const float *g, size_t n, float alpha) {
#define TK_STEP(i, r) tk_adam_step(&s, g, i, r, alpha)
    TK_ALL(n, TK_STEP);
#undef TK_STEP
}

// `v_max` is known to the loop's compiler to be there or not.
static void tk_level_adam(
    float *restrict w, float *restrict m, float *restrict v, float *restrict v_max,
    const float *g, size_t n, float alpha, float rate_1, float rate_2, float eps
) {
    if (v_max) tk_adam_all((tk_adam_slots){w, m, v, v_max, rate_1, rate_2, eps}, g, n, alpha);
    else tk_adam_all((tk_adam_slots){w, m, v, NULL, rate_1, rate_2, eps}, g, n, alpha);
}

// Whether some steps without a gradient are such that w stays as it is once `tk_adam_rests`.
static inline bool tk_adam_is_steady(
    const float *alphas, size_t steps, float rate_1, float rate_2, float eps
) {
    float least = alphas[0], most = alphas[0];
    for (size_t i = 1; i < steps; i++) {
        least = alphas[i] < least ? alphas[i] : least;
        most = alphas[i] > most ? alphas[i] : most;
    }
    return steps <= 32 && rate_1 >= 0 && rate_1 <= 1 && rate_2 >= 0 && rate_2 <= 0x1p-5f
        && eps >= 0x1p-60f && least >= 0 && most <= 2 * least && most < 0x1p60f;
}

// Whether no later one of steady steps moves w. |m| only falls. √v + eps falls to 0.59 times what it
// is at least, for v · (1 − 2⁻⁵)³¹ > 0.37 · v, and a v that becomes 0 was nothing beside eps. So none
// of the moves is longer than 2 / 0.59 times the last one, but for what is rounded off among the
// denormal numbers: less than 2⁻⁸⁸ after the division by eps. And where w does not change by a
// number it does not change by a smaller one.
TK_INLINE bool tk_adam_rests(tk_adam_lanes a, float alpha, const tk_adam_slots *s) {
    tk_f16 bound = 4 * tk_abs(tk_adam_way(a, alpha, s)) + 0x1p-80f;
    return tk_all((a.w - bound == a.w) & (a.w + bound == a.w) & (a.v < __builtin_inff()));
}

// Steps without a gradient on r numbers from i on, and r2 after those: two at a time, for each
// waits for the one before it. Every now and then it looks whether what is left moves w at all.
TK_INLINE void tk_adam_idle_pair(
    const tk_adam_slots *s, size_t i, size_t r, size_t r2, const float *alphas, size_t steps,
    bool is_steady
) {
    tk_adam_lanes a = tk_adam_get(s, i, r), b = a;
    if (r2) b = tk_adam_get(s, i + 16, r2);
    size_t step = 0;
    bool rests = false;
    TK_NO_UNROLL
    while (step < steps && !rests) {
        float alpha = alphas[step];
        a = tk_adam_moved(a, tk_splat(0), alpha, s);
        if (r2) b = tk_adam_moved(b, tk_splat(0), alpha, s);
        if (step++ % 8 == 0 && is_steady)
            rests = tk_adam_rests(a, alpha, s) && (!r2 || tk_adam_rests(b, alpha, s));
    }
    TK_NO_UNROLL
    for (; step < steps; step++) {
        a = tk_adam_remembered(a, tk_splat(0), s);
        if (r2) b = tk_adam_remembered(b, tk_splat(0), s);
    }
    tk_adam_put(s, a, i, r);
    if (r2) tk_adam_put(s, b, i + 16, r2);
}

TK_INLINE void tk_adam_idle_all(
    const tk_adam_slots s, size_t n, const float *alphas, size_t steps
) {
    if (steps == 0) return;
    bool is_steady = tk_adam_is_steady(alphas, steps, s.rate_1, s.rate_2, s.eps);
    size_t i = 0;
    for (; i + 32 <= n; i += 32) tk_adam_idle_pair(&s, i, 16, 16, alphas, steps, is_steady);
    if (i + 16 < n) tk_adam_idle_pair(&s, i, 16, n - i - 16, alphas, steps, is_steady);
    else if (i < n) tk_adam_idle_pair(&s, i, n - i, 0, alphas, steps, is_steady);
}

static void tk_level_adam_idle(
    float *restrict w, float *restrict m, float *restrict v, float *restrict v_max, size_t n,
    const float *alphas, size_t steps, float rate_1, float rate_2, float eps
) {
    if (v_max)
        tk_adam_idle_all(
            (tk_adam_slots){w, m, v, v_max, rate_1, rate_2, eps}, n, alphas, steps);
    else tk_adam_idle_all((tk_adam_slots){w, m, v, NULL, rate_1, rate_2, eps}, n, alphas, steps);
}

// MARK: Others

TK_INLINE void tk_nadam_step(
    float *w, float *m, float *v, const float *g, size_t i, size_t r, const tk_nadam_rates *c
) {
    tk_f16 x = tk_gradient(g, i, r);
    tk_f16 moment = tk_moved_average(m, x, i, r, c->rate_1);
    tk_f16 square = tk_moved_average(v, x * x, i, r, c->rate_2);
    tk_f16 ahead = moment * c->momentum_next / c->bias_next + x * c->gradient_share / c->bias;
    tk_f16 root = tk_sqrt16(square / c->bias_2) + c->eps;
    tk_put(w + i, tk_get(w + i, r) - (ahead * c->lr) / root, r);
}

static void tk_level_nadam(
    float *restrict w, float *restrict m, float *restrict v, const float *g, size_t n,
    const tk_nadam_rates *rates
) {
    const tk_nadam_rates c = *rates;
#define TK_STEP(i, r) tk_nadam_step(w, m, v, g, i, r, &c)
    TK_ALL(n, TK_STEP);
#undef TK_STEP
}

TK_INLINE void tk_adamax_step(
    float *w, float *m, float *u, const float *g, size_t i, size_t r, float lr, float bias,
    float rate_1, float beta_2, float eps
) {
    tk_f16 x = tk_gradient(g, i, r);
    tk_f16 moment = tk_moved_average(m, x, i, r, rate_1);
    tk_f16 norm = tk_greater(tk_flush(tk_get(u + i, r) * beta_2), tk_abs(x));
    tk_put(u + i, norm, r);
    tk_put(w + i, tk_get(w + i, r) - (moment * lr) / ((norm + eps) * bias), r);
}

static void tk_level_adamax(
    float *restrict w, float *restrict m, float *restrict u, const float *g, size_t n, float lr,
    float bias, float rate_1, float beta_2, float eps
) {
#define TK_STEP(i, r) tk_adamax_step(w, m, u, g, i, r, lr, bias, rate_1, beta_2, eps)
    TK_ALL(n, TK_STEP);
#undef TK_STEP
}

TK_INLINE void tk_rmsprop_step(
    float *w, float *v, float *m, float *mean, const float *g, size_t i, size_t r, float lr,
    float rho, float rate, float momentum, float eps
) {
    tk_f16 x = tk_gradient(g, i, r);
    tk_f16 square = tk_flush(tk_get(v + i, r) * rho + (x * x) * rate);
    tk_put(v + i, square, r);
    if (mean) {
        tk_f16 average = tk_flush(tk_get(mean + i, r) * rho + x * rate);
        tk_put(mean + i, average, r);
        square = square - average * average;
    }
    tk_f16 move = (x * lr) / tk_sqrt16(square + eps);
    if (m) {
        move = tk_flush(tk_get(m + i, r) * momentum + move);
        tk_put(m + i, move, r);
    }
    tk_put(w + i, tk_get(w + i, r) - move, r);
}

static void tk_level_rmsprop(
    float *restrict w, float *restrict v, float *restrict m, float *restrict mean,
    const float *g, size_t n, float lr, float rho, float rate, float momentum, float eps
) {
#define TK_STEP(i, r) tk_rmsprop_step(w, v, m, mean, g, i, r, lr, rho, rate, momentum, eps)
    TK_ALL(n, TK_STEP);
#undef TK_STEP
}

TK_INLINE void tk_adadelta_step(
    float *w, float *square, float *moved, const float *g, size_t i, size_t r, float lr,
    float rho, float rate, float eps
) {
    tk_f16 x = tk_gradient(g, i, r);
    tk_f16 gradients = tk_flush(tk_get(square + i, r) * rho + x * rate * x);
    tk_f16 moves = tk_get(moved + i, r);
    tk_f16 move = -tk_sqrt16(moves + eps) * x / tk_sqrt16(gradients + eps);
    tk_put(square + i, gradients, r);
    tk_put(moved + i, tk_flush(moves * rho + move * rate * move), r);
    tk_put(w + i, tk_get(w + i, r) + move * lr, r);
}

static void tk_level_adadelta(
    float *restrict w, float *restrict square, float *restrict moved, const float *g, size_t n,
    float lr, float rho, float rate, float eps
) {
#define TK_STEP(i, r) tk_adadelta_step(w, square, moved, g, i, r, lr, rho, rate, eps)
    TK_ALL(n, TK_STEP);
#undef TK_STEP
}

TK_INLINE tk_f16 tk_ftrl_power(tk_f16 x, float power) {
    return power == 0.5f ? tk_sqrt16(x) : tk_pow_vector(x, power);
}

TK_INLINE void tk_ftrl_step(
    float *w, float *acc, float *linear, const float *g, size_t i, size_t r,
    const tk_ftrl_rates *c
) {
    tk_f16 x = tk_gradient(g, i, r), weight = tk_get(w + i, r), sum = tk_get(acc + i, r);
    tk_f16 new_sum = sum + x * x;
    tk_f16 root = tk_ftrl_power(new_sum, c->power);
    tk_f16 sigma = (root - tk_ftrl_power(sum, c->power)) / c->lr;
    tk_f16 z = tk_get(linear + i, r) + ((x + weight * c->twice_shrinkage) - sigma * weight);
    tk_f16 clipped = z < -c->l1 ? tk_splat(-c->l1) : z;
    clipped = clipped > c->l1 ? tk_splat(c->l1) : clipped;
    tk_put(acc + i, new_sum, r);
    tk_put(linear + i, z, r);
    tk_put(w + i, (clipped - z) / (root / c->lr + c->twice_l2), r);
}

static void tk_level_ftrl(
    float *restrict w, float *restrict acc, float *restrict linear, const float *g, size_t n,
    const tk_ftrl_rates *rates
) {
    const tk_ftrl_rates c = *rates;
#define TK_STEP(i, r) tk_ftrl_step(w, acc, linear, g, i, r, &c)
    TK_ALL(n, TK_STEP);
#undef TK_STEP
}

// MARK: ClippyAdagrad

TK_INLINE tk_f16 tk_clippy_precondition(tk_f16 acc, tk_f16 g, const tk_clippy_rates *c) {
    return 1 / tk_sqrt16((c->standard ? acc + g * g : acc) + c->eps);
}

// The largest factor, at most 1, that keeps each move below its limit. A NaN wins.
TK_INLINE tk_f16 tk_clippy_scale_step(
    tk_f16 factor, const float *w, const float *acc, const float *g, size_t i, size_t r,
    const tk_clippy_rates *c
) {
    tk_f16 x = tk_get(g + i, r), weight = tk_get(w + i, r);
    tk_f16 precondition = tk_clippy_precondition(tk_get(acc + i, r), x, c);
    tk_f16 move = tk_abs(x * c->lr * precondition);
    tk_f16 limit = tk_abs(weight) * c->variable_relative
        + precondition * c->accumulator_relative + c->absolute;
    tk_f16 ratio = limit / move;
    ratio = ((move == 0) | ~tk_first(r)) ? tk_splat(1) : ratio;
    return ((ratio >= factor) | (factor != factor)) ? factor : ratio;
}

static float tk_level_clippy_scale(
    const float *w, const float *acc, const float *g, size_t n, const tk_clippy_rates *rates
) {
    const tk_clippy_rates c = *rates;
    tk_f16 factor = tk_splat(1);
#define TK_STEP(i, r) factor = tk_clippy_scale_step(factor, w, acc, g, i, r, &c)
    TK_ALL(n, TK_STEP);
#undef TK_STEP
    float least = factor[0];
    TK_UNROLL
    for (int i = 1; i < 16; i++) {
        if (!(factor[i] >= least || least != least)) least = factor[i];
    }
    return least;
}

TK_INLINE void tk_clippy_step(
    float *w, float *acc, const float *g, size_t i, size_t r, float factor, float acc_factor,
    const tk_clippy_rates *c
) {
    tk_f16 x = tk_get(g + i, r), sum = tk_get(acc + i, r);
    tk_f16 move = x * c->lr * tk_clippy_precondition(sum, x, c) * factor;
    tk_f16 seen = x * acc_factor;
    tk_put(acc + i, sum + seen * seen, r);
    tk_put(w + i, tk_get(w + i, r) - move, r);
}

static void tk_level_clippy(
    float *restrict w, float *restrict acc, const float *g, size_t n, float factor,
    float acc_factor, const tk_clippy_rates *rates
) {
    const tk_clippy_rates c = *rates;
#define TK_STEP(i, r) tk_clippy_step(w, acc, g, i, r, factor, acc_factor, &c)
    TK_ALL(n, TK_STEP);
#undef TK_STEP
}

#undef TK_ALL
