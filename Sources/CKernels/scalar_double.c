// The double versions: one lane of the vector functions, compiled for the base architecture.

#include "CKernels.h"

#pragma clang diagnostic ignored "-Wpsabi"
#include "double_body.h"

double tk_exp_double(double x) { return tk_exp_vector_double((tk_d8)(x))[0]; }

double tk_log_double(double x) { return tk_log_vector_double((tk_d8)(x))[0]; }

double tk_sin_double(double x) { return tk_sin_vector_double((tk_d8)(x), 0)[0]; }

double tk_cos_double(double x) { return tk_sin_vector_double((tk_d8)(x), 1)[0]; }
