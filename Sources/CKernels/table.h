#pragma once

#include "CKernels.h"

// The kernels of one level. Arguments are those of the public functions.
typedef struct {
#define TK_KERNEL(type, name, parameters, arguments) type (*name) parameters;
#define TK_MAP(name) void (*name)(float *dst, const float *src, size_t n);
#define TK_INNER(type, name, parameters) type (*name) parameters;
#include "kernels.h"
} tk_table;

#if defined(__x86_64__)
#define TK_HAS_X86_LEVELS 1
#else
#define TK_HAS_X86_LEVELS 0
#endif

extern const tk_table tk_table_plain;
#if TK_HAS_X86_LEVELS
extern const tk_table tk_table_avx2;
extern const tk_table tk_table_avx512;
extern const tk_table tk_table_avx512vnni;
#endif

// The number of columns in a panel of a packed operand.
enum { TK_PANEL = 32 };
