// Gates of recurrent networks, between the products. Included once per level.

// MARK: GRU

static void tk_level_gru_step(const tk_gru *g, float *restrict next) {
    for (size_t j = 0; j < g->n; j += 16) {
        tk_f16 z = tk_sigmoid_vector(tk_load(g->z + j) + tk_load(g->of_z + j));
        tk_f16 r = tk_sigmoid_vector(tk_load(g->r + j) + tk_load(g->of_r + j));
        tk_f16 c = tk_tanh_vector(
            TK_MADD(r, tk_load(g->of_candidate + j), tk_load(g->candidate + j)));
        tk_store(next + j, TK_MADD(z, tk_load(g->state + j), (1 - z) * c));
        tk_store(g->z + j, z);
        tk_store(g->r + j, r);
        tk_store(g->candidate + j, c);
    }
}

static void tk_level_gru_reset(const tk_gru *g, float *restrict reset) {
    for (size_t j = 0; j < g->n; j += 16) {
        tk_f16 r = tk_sigmoid_vector(tk_load(g->r + j) + tk_load(g->of_r + j));
        tk_store(g->z + j, tk_sigmoid_vector(tk_load(g->z + j) + tk_load(g->of_z + j)));
        tk_store(g->r + j, r);
        tk_store(reset + j, r * tk_load(g->state + j));
    }
}

static void tk_level_gru_mix(const tk_gru *g, float *restrict next) {
    for (size_t j = 0; j < g->n; j += 16) {
        tk_f16 z = tk_load(g->z + j);
        tk_f16 c = tk_tanh_vector(tk_load(g->candidate + j) + tk_load(g->of_candidate + j));
        tk_store(next + j, TK_MADD(z, tk_load(g->state + j), (1 - z) * c));
        tk_store(g->candidate + j, c);
    }
}

// Gradients of z and of the candidate before their activations; z ⊙ of_state takes its place.
TK_INLINE tk_f16 tk_gru_unmix(
    const tk_gru *g, float *of_state, const tk_gru_gradients *to, size_t j
) {
    tk_f16 z = tk_load(g->z + j), c = tk_load(g->candidate + j), d = tk_load(of_state + j);
    tk_f16 of_c = d * (1 - z) * (1 - c * c);
    tk_store(to->z + j, d * (tk_load(g->state + j) - c) * (z * (1 - z)));
    tk_store(to->candidate + j, of_c);
    tk_store(of_state + j, d * z);
    return of_c;
}

static void tk_level_gru_step_gradient(
    const tk_gru *g, float *restrict of_state, const tk_gru_gradients *to
) {
    for (size_t j = 0; j < g->n; j += 16) {
        tk_f16 of_c = tk_gru_unmix(g, of_state, to, j), r = tk_load(g->r + j);
        tk_store(to->r + j, of_c * tk_load(g->of_candidate + j) * (r * (1 - r)));
        tk_store(to->of_candidate + j, of_c * r);
    }
}

static void tk_level_gru_mix_gradient(
    const tk_gru *g, float *restrict of_state, const tk_gru_gradients *to
) {
    for (size_t j = 0; j < g->n; j += 16) (void)tk_gru_unmix(g, of_state, to, j);
}

static void tk_level_gru_reset_gradient(
    const tk_gru *g, float *restrict of_state, const tk_gru_gradients *to
) {
    for (size_t j = 0; j < g->n; j += 16) {
        tk_f16 of_reset = tk_load(to->of_candidate + j), r = tk_load(g->r + j);
        tk_store(to->r + j, of_reset * tk_load(g->state + j) * (r * (1 - r)));
        tk_store(of_state + j, TK_MADD(of_reset, r, tk_load(of_state + j)));
    }
}

// MARK: LSTM

static void tk_level_lstm_step(const tk_lstm *g, float *restrict next) {
    for (size_t j = 0; j < g->n; j += 16) {
        tk_f16 gate[4];
        TK_UNROLL
        for (int i = 0; i < 4; i++) {
            tk_f16 x = tk_load(g->gates[i] + j) + tk_load(g->of_gates[i] + j);
            gate[i] = i == 2 ? tk_tanh_vector(x) : tk_sigmoid_vector(x);
            tk_store(g->gates[i] + j, gate[i]);
        }
        tk_f16 memory = TK_MADD(gate[1], tk_load(g->memory + j), gate[0] * gate[2]);
        tk_f16 squashed = tk_tanh_vector(memory);
        tk_store(g->next_memory + j, memory);
        tk_store(g->squashed + j, squashed);
        tk_store(next + j, gate[3] * squashed);
    }
}

static void tk_level_lstm_step_gradient(
    const tk_lstm *g, const float *of_next, float *restrict of_memory, float *const of_gates[4]
) {
    for (size_t j = 0; j < g->n; j += 16) {
        tk_f16 gate[4];
        TK_UNROLL
        for (int i = 0; i < 4; i++) gate[i] = tk_load(g->gates[i] + j);
        tk_f16 d = tk_load(of_next + j), squashed = tk_load(g->squashed + j);
        tk_f16 of_c = TK_MADD(d * gate[3], 1 - squashed * squashed, tk_load(of_memory + j));
        tk_f16 open[4];
        TK_UNROLL
        for (int i = 0; i < 4; i++) open[i] = gate[i] * (1 - gate[i]);
        tk_store(of_gates[0] + j, of_c * gate[2] * open[0]);
        tk_store(of_gates[1] + j, of_c * tk_load(g->memory + j) * open[1]);
        tk_store(of_gates[2] + j, of_c * gate[0] * (1 - gate[2] * gate[2]));
        tk_store(of_gates[3] + j, d * squashed * open[3]);
        tk_store(of_memory + j, of_c * gate[1]);
    }
}
