// Rows of 16-bit integers. Their values decide only what must be looked at again, so one version
// in double serves all levels.

#include "CKernels.h"

#include <math.h>

#pragma clang fp contract(off)

double tk_length(const float *row, size_t k) {
    double lanes[4] = {0};
    size_t p = 0;
    for (; p + 4 <= k; p += 4) {
        for (size_t i = 0; i < 4; i++) lanes[i] += (double)row[p + i] * (double)row[p + i];
    }
    for (; p < k; p++) lanes[0] += (double)row[p] * (double)row[p];
    return sqrt((lanes[0] + lanes[1]) + (lanes[2] + lanes[3]));
}

// The nearest integer to a number far below 2^51.
static double tk_nearest(double x) { return (x + 0x1.8p52) - 0x1.8p52; }

double tk_quantize(
    const float *row, size_t k, double scale, int16_t *restrict pairs, size_t stride
) {
    const double unit = 1 / scale;
    double left = 0;
    for (size_t p = 0; p < k; p += 2) {
        for (size_t i = 0; i < 2; i++) {
            double x = p + i < k ? row[p + i] : 0;
            double whole = tk_nearest(x * scale);
            pairs[i] = (int16_t)whole;
            left += (x - whole * unit) * (x - whole * unit);
        }
        pairs += stride;
    }
    return sqrt(left);
}
