#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Encoders of sequences: what stands between their matrix products.
//
// Rows are padded: a row of n numbers takes `ld`, the next multiple of 16, and the numbers from n
// to ld are 0. Every kernel leaves them 0, so that products run over whole vectors. Rows follow
// each other. What the kernels promise about bits is what `CKernels.h` says.

/// Which numbers are dropped: number j of row i of a matrix is, if a hash of `site`, `ids[i]` and
/// j is below `threshold`; the others are multiplied by `scale`.
typedef struct {
    uint64_t site;
    uint32_t threshold;
    float scale;
} tk_dropout;

/// dst = src, or dst += src, with numbers dropped; dst may be src. `columns` is a multiple of 16.
/// `dropout` may be NULL: nothing is dropped.
void tk_drop_rows(
    float *dst, const float *src, size_t rows, size_t columns, const tk_dropout *dropout,
    const uint64_t *ids, bool accumulate);

/// Row i of dst, padded = scale · n numbers of row i of src + row positions[i] of the table, whose
/// rows are as long as those of dst. Without a table (NULL) nothing is added.
void tk_place_rows(
    float *restrict dst, size_t ldd, const float *src, size_t lds, size_t n, size_t rows,
    float scale, const float *table, const int32_t *positions);

/// n numbers of row i of dst = scale · row i of src, padded. What follows in dst stays.
void tk_take_rows(
    float *restrict dst, size_t ldd, const float *src, size_t lds, size_t n, size_t rows,
    float scale);

/// dst[j] += Σᵢ src[i · ld + j], added in the order of i.
void tk_add_rows(float *restrict dst, const float *src, size_t ld, size_t rows);

/// normalized = (x − mean) · scale, scales[i] = 1 / √(variance + epsilon), of each row.
void tk_normalize_rows(
    const float *x, size_t ld, size_t n, size_t rows, float epsilon, float *restrict normalized,
    float *restrict scales);

/// From g, the gradient of `normalized`: of_x, or adds to it if `accumulate`.
void tk_normalize_rows_gradient(
    const float *g, const float *normalized, const float *scales, size_t ld, size_t n,
    size_t rows, float *restrict of_x, bool accumulate);

/// y = x ⊙ gamma + beta, of each row.
void tk_scale_rows(
    const float *x, size_t ld, size_t rows, const float *gamma, const float *beta,
    float *restrict y);

/// The gradient of y becomes that of x; adds to the gradients of gamma and beta.
void tk_scale_rows_gradient(
    float *restrict of_y, const float *x, size_t ld, size_t rows, const float *gamma,
    float *restrict of_gamma, float *restrict of_beta);

/// What makes of x the same as the kernel W, [rows, columns] without padding, and the bias b make
/// of x ⊙ gamma + beta: folded = gamma ⊙ W, and to the bias beta · W is added.
void tk_fold_gains(
    const float *kernel, size_t rows, size_t columns, const float *gamma, const float *beta,
    float *restrict folded, float *restrict bias);

/// The gradient of the folded kernel becomes that of the kernel, gamma ⊙ D + beta ⊗ d, where d is
/// the gradient of the folded bias and of the bias as well. Adds Σⱼ Wᵢⱼ Dᵢⱼ to gamma's and Σⱼ Wᵢⱼ dⱼ
/// to beta's.
void tk_unfold_gains_gradient(
    const float *kernel, size_t rows, size_t columns, const float *gamma, const float *beta,
    float *restrict of_kernel, const float *of_bias, float *restrict of_gamma,
    float *restrict of_beta);

/// x = max(x, 0), of n numbers.
void tk_relu(float *x, size_t n);

/// of_y = scale · of_y where y > 0, else 0.
void tk_relu_gradient(float *restrict of_y, const float *y, size_t n, float scale);

/// One head of causal attention over one sequence (Vaswani et al., 2017): step i sees the steps up
/// to itself.
///
/// Scores are sums in 16 lanes, of which the 8 numbers of half a vector at a row's end are the first;
/// what weights multiply is added in the order of the steps, the way back in the opposite one. No bit
/// of a step depends on those after it.
typedef struct {
    size_t steps;
    /// Numbers of a head's row.
    size_t width;
    /// Of queries, keys, values and outputs: a multiple of 16.
    size_t ld;
    /// Of the weights: 8, where there are as many steps at most, or a multiple of 16 from `steps` on.
    size_t ldw;
    float scale;
    const float *queries, *keys, *values;
    /// [steps that are seen, ldw], in room for a multiple of 16 numbers; the forward kernel writes
    /// them.
    float *weights;
    /// Of the weights, by the step that sees; NULL: nothing is dropped.
    const tk_dropout *dropout;
    const uint64_t *ids;
    /// As much room as the weights'; `dropped` is not used without dropout, nor `slopes` forward.
    float *dropped, *slopes;
} tk_attention;

void tk_attend(const tk_attention *a, float *restrict outputs);

void tk_attend_gradient(
    const tk_attention *a, const float *of_outputs, float *restrict of_queries,
    float *restrict of_keys, float *restrict of_values);

/// One step of GRUs (Cho et al., 2014), over n numbers (a multiple of 16).
typedef struct {
    size_t n;
    /// What the inputs contribute to each gate; then the gate itself.
    float *z, *r, *candidate;
    /// What the state contributes to each gate.
    const float *of_z, *of_r;
    float *of_candidate;
    const float *state;
} tk_gru;

/// z = σ(z + of_z), r = σ(r + of_r), candidate = tanh(candidate + r ⊙ of_candidate),
/// next = z ⊙ state + (1 − z) ⊙ candidate: `reset_after`.
void tk_gru_step(const tk_gru *g, float *restrict next);

/// The two halves of a step that resets before the product: z and r as above, and
/// reset = r ⊙ state; then, of_candidate being that product, candidate = tanh(candidate +
/// of_candidate), and next.
void tk_gru_reset(const tk_gru *g, float *restrict reset);
void tk_gru_mix(const tk_gru *g, float *restrict next);

/// Gradients of one step's gates, before their activations.
typedef struct {
    float *z, *r, *candidate;
    /// Of the product that r multiplies; of `reset` where it is taken before the product.
    float *of_candidate;
} tk_gru_gradients;

/// of_state: the gradient of the next state; becomes that part of the state's own which does not
/// go through a product.
void tk_gru_step_gradient(const tk_gru *g, float *restrict of_state, const tk_gru_gradients *to);

/// As the two halves, backwards: z and candidate of `to`, and z ⊙ of_state; then, `of_candidate`
/// being the gradient of `reset`, r of `to`, and what reaches the state through `reset` is added.
void tk_gru_mix_gradient(const tk_gru *g, float *restrict of_state, const tk_gru_gradients *to);
void tk_gru_reset_gradient(const tk_gru *g, float *restrict of_state, const tk_gru_gradients *to);

/// One step of long short-term memories (Hochreiter and Schmidhuber, 1997), over n numbers (a
/// multiple of 16).
typedef struct {
    size_t n;
    /// What the inputs contribute to each gate (i, f, candidate, o); then the gate itself.
    float *gates[4];
    /// What the state contributes.
    const float *of_gates[4];
    /// The memory before the step and after it, and tanh of the latter.
    const float *memory;
    float *next_memory, *squashed;
} tk_lstm;

void tk_lstm_step(const tk_lstm *g, float *restrict next);

/// of_memory: the gradient of the memory after the step, becomes that before it.
void tk_lstm_step_gradient(
    const tk_lstm *g, const float *of_next, float *restrict of_memory, float *const of_gates[4]);

#ifdef __cplusplus
}
#endif
