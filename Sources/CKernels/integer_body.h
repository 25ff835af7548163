// Products of matrices of 16-bit integers. Included once per way to add the products of pairs:
//   TK_ADD_PAIRS(sum, pair, b)  16 sums, the products of one pair and a pair of b added to each
//   TK_INTEGER_PRODUCTS         the name of the function

static void TK_INTEGER_PRODUCTS(
    size_t m, size_t n, size_t pairs, const int16_t *a, const int16_t *packed,
    int32_t *restrict sums, size_t ld
) {
    // Tiles of TK_MR rows by 16 columns.
    for (size_t j = 0; j < n; j += TK_INTEGER_PANEL) {
        for (size_t i = 0; i < m; i += TK_MR) {
            const int16_t *row = a + 2 * i * pairs, *column = packed + 2 * j * pairs;
            tk_i16 acc[TK_MR];
            TK_UNROLL
            for (int r = 0; r < TK_MR; r++) acc[r] = (tk_i16)(0);
            // One step to a turn: with more, accumulators do not stay in registers.
            TK_NO_UNROLL
            for (size_t p = 0; p < pairs; p++, row += 2, column += 32) {
                tk_i16 x = *(const tk_i16_unaligned *)column;
                TK_UNROLL
                for (int r = 0; r < TK_MR; r++) {
                    acc[r] = TK_ADD_PAIRS(acc[r], row + 2 * (size_t)r * pairs, x);
                }
            }
            int32_t *out = sums + i * ld + j;
            TK_UNROLL
            for (int r = 0; r < TK_MR; r++) {
                *(tk_i16_unaligned *)(out + (size_t)r * ld) = acc[r];
            }
        }
    }
}

#undef TK_ADD_PAIRS
#undef TK_INTEGER_PRODUCTS
