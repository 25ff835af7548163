#pragma once

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

// Kernels over rows of scores, of which losses make their values and gradients.

/// maxima[i] = the largest row[j] with j mod 64 = i, NaNs passed over; −infinity for none. There are
/// 64 of them.
void tk_group_max(const float *row, size_t n, float *restrict maxima);

/// Σⱼ counts[j] · log(1 + x) of x = factor · odds[j]; slopes[j] += weight · x / (1 + x) and, in
/// `slope`, Σⱼ counts[j] · weight · x / (1 + x). No x may be negative or above 2^126. Without counts
/// (NULL) each is 1. Sums go in 16 lanes, as those of `tk_sum`.
///
/// Of the first `alike` columns each block of 64 is one in which column j counts as columns j + 16,
/// j + 32 and j + 48 do, no odds being above 1; they take half the time. 0 if nothing is known.
float tk_pair_logistic(
    const float *restrict odds, const float *counts, float *restrict slopes, size_t n,
    size_t alike, float factor, float weight, float *slope);

/// Σⱼ counts[j] · max(0, d) of d = margin − (positive − scores[j]); slopes[j] += weight where d > 0
/// and, in `slope`, Σⱼ counts[j] · weight of these. Without counts (NULL) each is 1. Sums go in 16
/// lanes, as those of `tk_sum`.
float tk_pair_hinge(
    const float *restrict scores, const float *counts, float *restrict slopes, size_t n,
    float positive, float margin, float weight, float *slope);

/// The largest value below `limit`; NaNs are passed over. −infinity if there is none.
float tk_max_below(const float *row, size_t n, float limit);

/// Σ a[j] · (scale · b[j]), as `tk_dot` adds; without b (NULL) each is 1.
float tk_scaled_dot(const float *a, const float *b, size_t n, float scale);

/// Σ counts[j] · log(x), x = row[j] clipped to [low, high], low > 0; passed[j] = counts[j] where
/// nothing was clipped, 0 elsewhere. Without counts (NULL) each is 1.
float tk_clipped_logs(
    const float *row, const float *counts, size_t n, float low, float high,
    float *restrict passed);

/// row[j] = value where seen[j] is false.
void tk_hide(float *restrict row, const bool *seen, size_t n, float value);

/// row[j] = value where counts[j] is 0.
void tk_hide_uncounted(float *restrict row, const float *counts, size_t n, float value);

/// row[j] *= factors[j].
void tk_multiply(float *restrict row, const float *factors, size_t n);

/// softplus[j] = ln(1 + e^row[j]), row[j] = 1 / (1 + e^−row[j]), with the bits of `tk_softplus` and
/// `tk_sigmoid`.
void tk_softplus_sigmoid(float *restrict softplus, float *restrict row, size_t n);

#ifdef __cplusplus
}
#endif
