#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "CKernelsLosses.h"
#include "CKernelsSequences.h"
#include "CKernelsText.h"

#ifdef __cplusplus
extern "C" {
#endif

// Vector kernels over float32.
//
// LAYOUT
//   Matrices are row-major with explicit leading dimensions, counted in elements. No pointer needs
//   any alignment; 64-byte aligned rows are fastest, and leading dimensions that are multiples of
//   1024 floats are slowest (their rows compete for the same cache sets). Nothing outside the
//   named elements is read or written. Sizes of zero are legal everywhere. Outputs must not
//   overlap inputs, except where "in place" is mentioned.
//
// DETERMINISM
//   Every kernel exists at several levels (see `tk_isa`). A result has the same bits at the AVX2
//   and the AVX-512 levels, whatever the alignment, the tiling and the number of rows asked
//   for at once (NaN payloads excepted: a NaN is a NaN):
//   - A GEMM output accumulates along k in one chain of fused multiply-adds, in increasing k, from
//     its initial value (0, a bias, or what C holds).
//   - `tk_sum`, `tk_dot` and `tk_exp_shift_sum` add in 16 lanes (lane = index mod 16), folded at
//     the end as lane i + lane i+8, then i + i+4, i + i+2, i + i+1.
//   - exp, log and their kin are our own polynomials, with explicit multiply-adds; sin, cos, pow
//     and the double versions round every multiplication and addition, in double.
//   - The optimizers' updates, scaling and divisions round every operation, at every level alike.
//   The plain level rounds where the others fuse, so its last bits may differ from theirs; it is
//   deterministic itself. On arm64, where FMA belongs to the base architecture, it fuses as well.
//
// IEEE
//   NaN and infinities propagate; no zero is skipped. Denormal numbers are kept.
//
// All functions may be called from any thread; only `tk_isa_request` should not run while kernels
// do, because the level would change between two of their calls.

// MARK: Levels

/// A level of vector instructions.
typedef enum {
    /// The base architecture: SSE2 on x86-64, NEON on arm64.
    TK_ISA_PLAIN = 0,
    /// AVX2 and FMA.
    TK_ISA_AVX2 = 1,
    /// AVX-512 F, VL, DQ and BW.
    TK_ISA_AVX512 = 2,
    /// The same and VNNI: products of integers.
    TK_ISA_AVX512VNNI = 3,
} tk_isa;

/// What came of a request for a level.
typedef enum {
    TK_ISA_OK = 0,
    /// The name is not one of auto, plain, avx2, avx512, avx512vnni.
    TK_ISA_UNKNOWN = 1,
    /// The level exists, but not on this machine (or not in this build).
    TK_ISA_UNSUPPORTED = 2,
} tk_isa_status;

/// Chooses the level for the process: "plain", "avx2", "avx512" or "avx512vnni"; NULL, "" and
/// "auto" mean the best that the machine has, as does making no request. Returns a
/// `tk_isa_status`; unless it is `TK_ISA_OK`, the level stays as it was.
int tk_isa_request(const char *name);

/// Chooses the level for the calling thread alone, whatever the process has; NULL: that of the
/// process again. So a test may try a level while others compute.
int tk_isa_request_on_thread(const char *name);

/// The level in use.
tk_isa tk_isa_active(void);

/// Whether this machine and build have a level.
bool tk_isa_supported(tk_isa isa);

/// Whether a level's GEMM and polynomials use fused multiply-adds.
bool tk_isa_fused(tk_isa isa);

/// The name that `tk_isa_request` knows a level by; NULL for no level.
const char *tk_isa_name(tk_isa isa);

/// Runs independent chains of multiply-adds in registers and returns how many floating-point
/// operations that were (two per multiply-add). Time it to learn the peak of a core.
double tk_fma_probe(size_t iterations);

/// Tells the processor that the calling thread waits for another one's write.
static inline void tk_pause(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

/// Has the system's allocator keep blocks of up to 8 MiB that are freed, and up to 32 MiB in all,
/// for whoever asks next; else it gives pages back that the next step faults in again. For the
/// whole process, and where the C library is glibc.
void tk_keep_freed_memory(void);

// MARK: Matrix products

/// Where the accumulators of a product start.
typedef enum {
    /// At zero: C = A·B.
    TK_OVERWRITE = 0,
    /// At C: C += A·B.
    TK_ACCUMULATE = 1,
    /// At a bias per column: C = bias + A·B.
    TK_BIAS = 2,
    /// Or-ed to one of these: rows of B, C and the bias have room up to the next multiple of 16
    /// columns. What stands there in B and in what C starts at is 0; so it is in C afterwards.
    TK_PADDED = 4,
} tk_mode;

/// How many floats `tk_pack` writes for a k×n operand: panels of 32 columns, zero padded.
size_t tk_packed_size(size_t n, size_t k);

/// Packs a k×n operand: element (p, j) is `b[j * n_stride + p * k_stride]`. The rows of an n×k
/// matrix are packed as columns by `n_stride` = its leading dimension, `k_stride` = 1.
void tk_pack(
    const float *b, size_t n, size_t k, size_t n_stride, size_t k_stride,
    float *restrict packed);

/// Packs rows of a table as columns: column j is row `rows[j]`, of k elements.
void tk_pack_rows(
    const float *table, size_t ldt, const int32_t *rows, size_t n, size_t k,
    float *restrict packed);

/// C (m×n) = start + A (m×k) · B (k×n), with B packed. Element (i, p) of A is
/// `a[i * a_row_stride + p * a_k_stride]`; it is fastest if one of the strides is 1.
/// `bias` (n values) is read for `TK_BIAS` only.
void tk_gemm_packed(
    size_t m, size_t n, size_t k, const float *a, size_t a_row_stride, size_t a_k_stride,
    const float *packed, float *restrict c, size_t ldc, tk_mode mode, const float *bias);

/// The same product with B as it lies: element (p, j) is `b[p * ldb + j]`.
void tk_gemm_rowmajor_b(
    size_t m, size_t n, size_t k, const float *a, size_t a_row_stride, size_t a_k_stride,
    const float *b, size_t ldb, float *restrict c, size_t ldc, tk_mode mode, const float *bias);

// MARK: Rows

/// The largest value; NaNs are passed over. -infinity for no values.
float tk_max(const float *row, size_t n);

/// The index of the first of the largest values; NaNs are passed over. 0 if there is none.
size_t tk_argmax(const float *row, size_t n);

/// Σ row[j].
float tk_sum(const float *row, size_t n);

/// Σ a[j] · b[j].
float tk_dot(const float *a, const float *b, size_t n);

/// row[j] = exp(row[j] − shift) · counts[j], and returns the sum of these. `counts` may be NULL.
float tk_exp_shift_sum(float *restrict row, size_t n, float shift, const float *counts);

/// The same with the largest value of the row as the shift, which goes to `maximum`.
float tk_exp_max_sum(float *restrict row, size_t n, const float *counts, float *maximum);

/// row[j] *= s.
void tk_scale(float *row, size_t n, float s);

/// y[j] += a · x[j].
void tk_axpy(float *restrict y, const float *x, float a, size_t n);

/// row[j] = row[j] / divisor + bias[j]. `bias` may be NULL; a divisor of 1 is skipped.
void tk_affine(float *restrict row, size_t n, float divisor, const float *bias);

/// Counts the values above, and equal to, a threshold (a NaN is neither), and those that are NaN
/// or infinite. `nonfinite` may be NULL.
void tk_count_greater(
    const float *row, size_t n, float threshold, uint32_t *greater, uint32_t *equal,
    uint32_t *nonfinite);

/// The first j from `start` on with row[j] above `limit`, n if there is none. A NaN is above every
/// limit, and everything is above a limit of NaN.
size_t tk_find_above(const float *row, size_t n, size_t start, float limit);

/// dst[j] = Σ src[i · stride + j] over i = 0 ..< count, at most 8, as a balanced binary tree
/// over i: lanes 0 and 1, 2 and 3, … are added first, then each two of these sums, and so on. So
/// the lanes of a run that begins at a multiple of its length, a power of two, make a sum of their
/// own. 0 for no lanes.
void tk_sum_lanes(
    float *restrict dst, const float *src, size_t count, size_t stride, size_t n);

/// dst[j] = Σ src[i · stride + j] over i = 0 ..< count, added in that order. 0 for no partials.
void tk_sum_partials(
    float *restrict dst, const float *src, size_t count, size_t stride, size_t n);

/// The largest |row[j]|; 0 for no values, NaN where one is NaN.
float tk_max_abs(const float *row, size_t n);

// MARK: Ranks and lists

/// Adds to `greater[i]` and `equal[i]` how many values are above, and equal to, `thresholds[i]`;
/// a NaN is neither.
void tk_count_above(
    const float *row, size_t n, const float *thresholds, size_t count, uint32_t *greater,
    uint32_t *equal);

/// A score and its place as one number, such that the larger of two is the higher score and, of
/// equal scores (−0 and 0 are), the lower place.
uint64_t tk_rank_key1(float score, uint32_t place);

/// The score of a key; 0 for either zero.
float tk_rank_key_score(uint64_t key);

/// The place of a key.
uint32_t tk_rank_key_place(uint64_t key);

/// Writes the keys of the values above a threshold, `first + j` being the place of value j, in
/// the row's order, and returns how many; at most n. NaNs are passed over.
size_t tk_collect_above(
    const float *row, size_t n, float threshold, uint32_t first, uint64_t *keys);

/// Moves the k largest of n distinct keys to the front, in no order; nothing if k >= n.
void tk_select_keys(uint64_t *keys, size_t n, size_t k);

/// The smallest of n keys, at least one.
uint64_t tk_smallest_key(const uint64_t *keys, size_t n);

/// Sorts n distinct keys, largest first.
void tk_sort_keys(uint64_t *keys, size_t n);

/// scores[i] = the product of row a_rows[i] of a and row b_rows[i] of b, of k elements, with the
/// bits that a matrix product gives it. NULL for rows means row i.
void tk_pair_scores(
    const float *a, size_t lda, const int32_t *a_rows, const float *b, size_t ldb,
    const int32_t *b_rows, size_t k, size_t n, float *restrict scores);

// MARK: Screening by integers

enum {
    /// Columns of a panel of `tk_integer_products`.
    TK_INTEGER_PANEL = 16,
    /// Rows are multiples of this.
    TK_INTEGER_ROWS = 12,
};

/// Whether the level in use multiplies 16-bit integers faster than floats.
bool tk_has_integer_products(void);

/// The Euclidean length of a row.
double tk_length(const float *row, size_t k);

/// Writes the integers nearest to `row[p] * scale` in pairs (a last one beside 0), `stride` from
/// one to the next, and returns the Euclidean length of what that leaves of the row. |row[p]| ·
/// scale must be below 32767.
double tk_quantize(
    const float *row, size_t k, double scale, int16_t *restrict pairs, size_t stride);

/// sums (m×n) = A · B of 16-bit integers, m a multiple of `TK_INTEGER_ROWS`, n of
/// `TK_INTEGER_PANEL`. Row i of A is the pairs at `a[2 * i * pairs]`; panels of 16 columns follow
/// each other in B, pair p of column j of a panel at `[32 * p + 2 * j]`. No row and column may be
/// longer than 32767, so that no sum overflows.
void tk_integer_products(
    size_t m, size_t n, size_t pairs, const int16_t *a, const int16_t *packed,
    int32_t *restrict sums, size_t ld);

/// A sum that lies in the band of a threshold.
typedef struct {
    uint32_t threshold;
    uint32_t column;
} tk_undecided;

/// Compares each row of n sums with its thresholds, those at `offsets[row] ..< offsets[row + 1]`:
/// `above[t]` is how many sums exceed `high[t]`. Those in (low[t], high[t]] are listed, by
/// threshold and column, and counted in the result; more than `capacity` of them give
/// `capacity + 1` and nothing else of use. Each row can be read up to a multiple of 16 sums.
size_t tk_count_bands(
    const int32_t *sums, size_t ld, size_t rows, size_t n, const uint32_t *offsets,
    const int32_t *low, const int32_t *high, uint32_t *above, tk_undecided *undecided,
    size_t capacity);

// MARK: Functions of each element
//
// `dst` may be `src` (in place). Errors in units in the last place (ulp) hold for every float
// unless a range is given, at every level. Each has a version for one number, with the same bits.

/// e^x, 2 ulp, denormal results included; infinity where e^x exceeds the largest float.
void tk_exp(float *dst, const float *src, size_t n);
/// ln x, 2 ulp; −infinity at 0, NaN below.
void tk_log(float *dst, const float *src, size_t n);
/// 1 / (1 + e^−x), 4 ulp.
void tk_sigmoid(float *dst, const float *src, size_t n);
/// ln(1 + e^x), 4 ulp.
void tk_softplus(float *dst, const float *src, size_t n);
/// tanh x, 4 ulp.
void tk_tanh(float *dst, const float *src, size_t n);
/// The error function, 4 ulp.
void tk_erf(float *dst, const float *src, size_t n);
/// sin x, 1 ulp for |x| up to 10⁶, then an absolute error of about |x| · 2⁻⁵¹; NaN from 2³⁰ on.
void tk_sin(float *dst, const float *src, size_t n);
/// cos x, as `tk_sin`.
void tk_cos(float *dst, const float *src, size_t n);
/// Both at once; `sine` and `cosine` must differ, and either may be `src`.
void tk_sincos(float *sine, float *cosine, const float *src, size_t n);
/// src[j]^exponent, 1 ulp, with the special cases of IEEE 754 pow.
void tk_pow(float *dst, const float *src, float exponent, size_t n);
/// √x, correctly rounded.
void tk_sqrt(float *dst, const float *src, size_t n);

float tk_exp1(float x);
float tk_log1(float x);
float tk_sigmoid1(float x);
float tk_softplus1(float x);
float tk_tanh1(float x);
float tk_erf1(float x);
float tk_sin1(float x);
float tk_cos1(float x);
float tk_pow1(float base, float exponent);

// Double precision, relative error below 10⁻¹⁴, the same bits on every machine. For sin and cos
// that holds up to |x| = 10⁶, away from their zeros; from 2³⁰ on they give NaN.
double tk_exp_double(double x);
double tk_log_double(double x);
double tk_sin_double(double x);
double tk_cos_double(double x);

// MARK: Embeddings and optimizers
//
// Indices are rows of a table, from 0; they are not checked.

/// Row i of dst = row idx[i] of the table.
void tk_gather_rows(
    float *restrict dst, size_t ldd, const float *table, size_t ldt, size_t dim,
    const int32_t *idx, size_t n);

/// Row idx[i] of dst += row i of src, for i = 0 ..< n in that order; indices may repeat.
void tk_scatter_add_rows(
    float *restrict dst, size_t ldd, const float *src, size_t lds, size_t dim,
    const int32_t *idx, size_t n);

/// Row i of dst = Σ row members[j] of src over offsets[i] ≤ j < offsets[i + 1], added to 0 in that
/// order, for n rows; with `accumulate` added to what the row has.
void tk_segment_sum_rows(
    float *restrict dst, size_t ldd, const float *src, size_t lds, size_t dim,
    const int32_t *members, const int32_t *offsets, size_t n, bool accumulate);

/// w −= lr · g, on n values.
void tk_sgd(float *restrict w, const float *g, size_t n, float lr);

/// The same on rows idx[i] of a table, with row i of grads; the indices must be distinct.
void tk_sgd_rows(
    float *restrict table, size_t ld, size_t dim, const int32_t *idx, const float *grads,
    size_t ldg, size_t n, float lr);

/// Adagrad as Keras has it, on n values: acc += g², w −= (lr · g) / √(acc + eps).
void tk_adagrad(
    float *restrict w, float *restrict acc, const float *g, size_t n, float lr, float eps);

/// The same on rows idx[i] of a table and its accumulators, both with leading dimension ld, with
/// row i of grads; the indices must be distinct.
void tk_adagrad_rows(
    float *restrict table, float *restrict acc, size_t ld, size_t dim, const int32_t *idx,
    const float *grads, size_t ldg, size_t n, float lr, float eps);

// MARK: Optimizers that remember more
//
// Each moves n numbers `w` by their gradients `g`; NULL for g means that all are 0. They keep one
// number or more of their own for each of w's. What decays becomes 0 once it is smaller than the
// smallest normal number, so that rows that are never seen again do not decay among the denormal
// numbers for ever, where some processors take a hundred times as long.

/// w −= w · decay · lr.
void tk_weight_decay(float *w, size_t n, float decay, float lr);

/// m = momentum · m − lr · g; w += m, or with `nesterov` w += momentum · m − lr · g.
void tk_momentum(
    float *restrict w, float *restrict m, const float *g, size_t n, float lr, float momentum,
    bool nesterov);

/// m += (g − m) · rate_1, v += (g² − v) · rate_2, w −= (alpha · m) / (√v + eps). With `v_max`,
/// which may be NULL, the largest v so far stands for v (AMSGrad).
void tk_adam(
    float *restrict w, float *restrict m, float *restrict v, float *restrict v_max,
    const float *g, size_t n, float alpha, float rate_1, float rate_2, float eps);

/// Several steps of `tk_adam` without a gradient, one after the other, with one alpha for each: the
/// bits of as many calls.
void tk_adam_idle(
    float *restrict w, float *restrict m, float *restrict v, float *restrict v_max, size_t n,
    const float *alphas, size_t steps, float rate_1, float rate_2, float eps);

/// The numbers of a step of Nadam.
typedef struct {
    float lr, eps;
    /// 1 − β₁ and 1 − β₂.
    float rate_1, rate_2;
    /// What the new moment is scaled by: that of the next step and its correction.
    float momentum_next, bias_next;
    /// What the gradient is scaled by: its share and its correction.
    float gradient_share, bias;
    /// The correction of v.
    float bias_2;
} tk_nadam_rates;

/// Moments as in `tk_adam`; w −= lr · (momentum_next · m / bias_next + gradient_share · g / bias)
/// / (√(v / bias_2) + eps).
void tk_nadam(
    float *restrict w, float *restrict m, float *restrict v, const float *g, size_t n,
    const tk_nadam_rates *rates);

/// m += (g − m) · rate_1, u = max(beta_2 · u, |g|), w −= (lr · m) / (bias · (u + eps)).
void tk_adamax(
    float *restrict w, float *restrict m, float *restrict u, const float *g, size_t n, float lr,
    float bias, float rate_1, float beta_2, float eps);

/// v = rho · v + rate · g²; with `mean`, mean = rho · mean + rate · g and mean² is taken from v;
/// w −= lr · g / √(v + eps), or with `m` w −= m, m = momentum · m + that. Both may be NULL.
void tk_rmsprop(
    float *restrict w, float *restrict v, float *restrict m, float *restrict mean,
    const float *g, size_t n, float lr, float rho, float rate, float momentum, float eps);

/// square = rho · square + rate · g², d = −√(moved + eps) · g / √(square + eps),
/// moved = rho · moved + rate · d², w += lr · d.
void tk_adadelta(
    float *restrict w, float *restrict square, float *restrict moved, const float *g, size_t n,
    float lr, float rho, float rate, float eps);

/// The numbers of a step of FTRL.
typedef struct {
    float lr, l1, twice_l2, twice_shrinkage;
    /// What the accumulator is raised to: minus Keras's `learning_rate_power`.
    float power;
} tk_ftrl_rates;

/// acc' = acc + g², linear += g + twice_shrinkage · w − (acc'^power − acc^power) / lr · w,
/// w = (clip(linear, ±l1) − linear) / (acc'^power / lr + twice_l2).
void tk_ftrl(
    float *restrict w, float *restrict acc, float *restrict linear, const float *g, size_t n,
    const tk_ftrl_rates *rates);

/// The numbers of a step of ClippyAdagrad.
typedef struct {
    float lr, eps, variable_relative, accumulator_relative, absolute;
    /// Whether the accumulator holds this step's gradient when it divides.
    bool standard;
} tk_clippy_rates;

/// The largest factor, at most 1, by which every move lr · g / √(acc + eps) stays within
/// variable_relative · |w| + accumulator_relative / √(acc + eps) + absolute; NaN if a move is.
/// Here and below g must not be NULL.
float tk_clippy_scale(
    const float *w, const float *acc, const float *g, size_t n, const tk_clippy_rates *rates);

/// w −= factor · (that move), acc += (acc_factor · g)².
void tk_clippy(
    float *restrict w, float *restrict acc, const float *g, size_t n, float factor,
    float acc_factor, const tk_clippy_rates *rates);

#ifdef __cplusplus
}
#endif
