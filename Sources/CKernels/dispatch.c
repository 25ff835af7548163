// The public functions: each jumps to its kernel at the level in use.

#include "isa.h"

#define TK_KERNEL(type, name, parameters, arguments)                                           \
    type tk_##name parameters { return tk_kernels()->name arguments; }
#define TK_MAP(name)                                                                           \
    void tk_##name(float *dst, const float *src, size_t n) {                                   \
        tk_kernels()->name(dst, src, n);                                                       \
    }
#define TK_INNER(type, name, parameters)
#include "kernels.h"

// One number goes through the vector function, so the bits are the same.
#define TK_ONE(name)                                                                           \
    float tk_##name##1(float x) {                                                              \
        float y;                                                                               \
        tk_kernels()->name(&y, &x, 1);                                                         \
        return y;                                                                              \
    }

TK_ONE(exp)
TK_ONE(log)
TK_ONE(sigmoid)
TK_ONE(softplus)
TK_ONE(tanh)
TK_ONE(erf)
TK_ONE(sin)
TK_ONE(cos)

void tk_gemm_packed(
    size_t m, size_t n, size_t k, const float *a, size_t a_row_stride, size_t a_k_stride,
    const float *packed, float *restrict c, size_t ldc, tk_mode mode, const float *bias
) {
    tk_kernels()->gemm(
        m, n, k, a, a_row_stride, a_k_stride, packed, 0, true, c, ldc, mode, bias);
}

void tk_gemm_rowmajor_b(
    size_t m, size_t n, size_t k, const float *a, size_t a_row_stride, size_t a_k_stride,
    const float *b, size_t ldb, float *restrict c, size_t ldc, tk_mode mode, const float *bias
) {
    tk_kernels()->gemm(m, n, k, a, a_row_stride, a_k_stride, b, ldb, false, c, ldc, mode, bias);
}

bool tk_has_integer_products(void) { return tk_isa_active() != TK_ISA_PLAIN; }

float tk_pow1(float base, float exponent) {
    float y;
    tk_kernels()->pow(&y, &base, exponent, 1);
    return y;
}

void tk_sgd(float *restrict w, const float *g, size_t n, float lr) {
    const int32_t first = 0;
    tk_kernels()->sgd_rows(w, n, n, &first, g, n, 1, lr);
}

void tk_adagrad(
    float *restrict w, float *restrict acc, const float *g, size_t n, float lr, float eps
) {
    const int32_t first = 0;
    tk_kernels()->adagrad_rows(w, acc, n, n, &first, g, n, 1, lr, eps);
}
