// The peak probe. TK_CHAINS vectors stay in registers: enough to hide the latency of the
// multiply-add at this level. Included once per level.

static double tk_level_fma_probe(size_t iterations) {
    tk_f16 chain[TK_CHAINS];
    TK_UNROLL
    for (int i = 0; i < TK_CHAINS; i++) chain[i] = tk_splat((float)i);
    // Read at run time, so that nothing can be computed beforehand.
    volatile float factor = 0.999f, term = 0.001f;
    const tk_f16 x = tk_splat(factor), y = tk_splat(term);
    TK_NO_UNROLL
    for (size_t p = 0; p < iterations; p++) {
        TK_UNROLL
        for (int i = 0; i < TK_CHAINS; i++) chain[i] = TK_MADD(chain[i], x, y);
    }
    TK_UNROLL
    for (int i = 1; i < TK_CHAINS; i++) chain[0] += chain[i];
    volatile float sink = tk_fold_sum(chain[0]);
    (void)sink;
    return (double)iterations * TK_CHAINS * 16 * 2;
}
