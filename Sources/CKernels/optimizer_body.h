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

TK_INLINE tk_f16 tk_moved_average(float *a, tk_f16 x, size_t i, size_t r, float rate) {
    tk_f16 old = tk_get(a + i, r);
    tk_f16 average = tk_flush(old + (x - old) * rate);
    tk_put(a + i, average, r);
    return average;
}

TK_INLINE void tk_adam_step(
    float *w, float *m, float *v, float *v_max, const float *g, size_t i, size_t r,
    float alpha, float rate_1, float rate_2, float eps
) {
    tk_f16 x = tk_gradient(g, i, r);
    tk_f16 moment = tk_moved_average(m, x, i, r, rate_1);
    tk_f16 square = tk_moved_average(v, x * x, i, r, rate_2);
    if (v_max) {
        square = tk_greater(tk_get(v_max + i, r), square);
        tk_put(v_max + i, square, r);
    }
    tk_put(w + i, tk_get(w + i, r) - (moment * alpha) / (tk_sqrt16(square) + eps), r);
}

static void tk_level_adam(
    float *restrict w, float *restrict m, float *restrict v, float *restrict v_max,
    const float *g, size_t n, float alpha, float rate_1, float rate_2, float eps
) {
#define TK_STEP(i, r) tk_adam_step(w, m, v, NULL, g, i, r, alpha, rate_1, rate_2, eps)
    if (!v_max) TK_ALL(n, TK_STEP);
#undef TK_STEP
#define TK_STEP(i, r) tk_adam_step(w, m, v, v_max, g, i, r, alpha, rate_1, rate_2, eps)
    else TK_ALL(n, TK_STEP);
#undef TK_STEP
}

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
