// Packing moves floats and computes nothing, so one version serves all levels.

#include "table.h"

typedef float tk_f4 __attribute__((ext_vector_type(4)));
typedef float tk_f4_unaligned __attribute__((ext_vector_type(4), aligned(4)));

size_t tk_packed_size(size_t n, size_t k) {
    return (n + TK_PANEL - 1) / TK_PANEL * TK_PANEL * k;
}

// Four columns of a panel from four rows of k contiguous elements: transposes 4×4 at a time.
static void tk_pack_four(const float *const rows[4], size_t k, float *restrict to) {
    size_t p = 0;
    for (; p + 4 <= k; p += 4) {
        tk_f4 a = *(const tk_f4_unaligned *)(rows[0] + p);
        tk_f4 b = *(const tk_f4_unaligned *)(rows[1] + p);
        tk_f4 c = *(const tk_f4_unaligned *)(rows[2] + p);
        tk_f4 d = *(const tk_f4_unaligned *)(rows[3] + p);
        tk_f4 ab_low = __builtin_shufflevector(a, b, 0, 4, 1, 5);
        tk_f4 ab_high = __builtin_shufflevector(a, b, 2, 6, 3, 7);
        tk_f4 cd_low = __builtin_shufflevector(c, d, 0, 4, 1, 5);
        tk_f4 cd_high = __builtin_shufflevector(c, d, 2, 6, 3, 7);
        float *out = to + p * TK_PANEL;
        *(tk_f4_unaligned *)out = __builtin_shufflevector(ab_low, cd_low, 0, 1, 4, 5);
        *(tk_f4_unaligned *)(out + TK_PANEL) =
            __builtin_shufflevector(ab_low, cd_low, 2, 3, 6, 7);
        *(tk_f4_unaligned *)(out + 2 * TK_PANEL) =
            __builtin_shufflevector(ab_high, cd_high, 0, 1, 4, 5);
        *(tk_f4_unaligned *)(out + 3 * TK_PANEL) =
            __builtin_shufflevector(ab_high, cd_high, 2, 3, 6, 7);
    }
    for (; p < k; p++) {
        for (int r = 0; r < 4; r++) to[p * TK_PANEL + (size_t)r] = rows[r][p];
    }
}

static const float *tk_pack_source(const float *b, size_t stride, const int32_t *rows, size_t j) {
    return b + (rows ? (size_t)rows[j] : j) * stride;
}

// Columns whose elements are contiguous. `rows` may be NULL: column j is row j.
static void tk_pack_contiguous(
    const float *b, size_t stride, const int32_t *rows, size_t n, size_t k,
    float *restrict packed
) {
    for (size_t start = 0; start < n; start += TK_PANEL) {
        size_t width = n - start < TK_PANEL ? n - start : TK_PANEL, j = 0;
        // In order, where column by column would write to each line again and again.
        if (width < TK_PANEL) __builtin_memset(packed, 0, TK_PANEL * k * sizeof(float));
        for (; j + 4 <= width; j += 4) {
            const float *four[4];
            for (size_t r = 0; r < 4; r++) {
                four[r] = tk_pack_source(b, stride, rows, start + j + r);
            }
            tk_pack_four(four, k, packed + j);
        }
        for (; j < width; j++) {
            const float *from = tk_pack_source(b, stride, rows, start + j);
            for (size_t p = 0; p < k; p++) packed[p * TK_PANEL + j] = from[p];
        }
        packed += TK_PANEL * k;
    }
}

void tk_pack(
    const float *b, size_t n, size_t k, size_t n_stride, size_t k_stride, float *restrict packed
) {
    if (k_stride == 1) {
        tk_pack_contiguous(b, n_stride, NULL, n, k, packed);
        return;
    }
    for (size_t start = 0; start < n; start += TK_PANEL) {
        size_t width = n - start < TK_PANEL ? n - start : TK_PANEL;
        for (size_t p = 0; p < k; p++) {
            const float *from = b + start * n_stride + p * k_stride;
            size_t j = 0;
            if (n_stride == 1) {
                // Of a constant size, a whole panel is a few instructions.
                __builtin_memcpy(
                    packed, from, (width == TK_PANEL ? TK_PANEL : width) * sizeof(float));
                j = width;
            }
            for (; j < width; j++) packed[j] = from[j * n_stride];
            for (; j < TK_PANEL; j++) packed[j] = 0;
            packed += TK_PANEL;
        }
    }
}

void tk_pack_rows(
    const float *table, size_t ldt, const int32_t *rows, size_t n, size_t k,
    float *restrict packed
) {
    tk_pack_contiguous(table, ldt, rows, n, k, packed);
}
