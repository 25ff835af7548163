// The choice of a level.

#include "isa.h"

#include <string.h>

static const char *const tk_isa_names[] = {"plain", "avx2", "avx512", "avx512vnni"};
enum { TK_ISA_COUNT = 4 };

static const tk_table *tk_table_of(tk_isa isa) {
    switch (isa) {
    case TK_ISA_PLAIN: return &tk_table_plain;
#if TK_HAS_X86_LEVELS
    case TK_ISA_AVX2: return &tk_table_avx2;
    case TK_ISA_AVX512: return &tk_table_avx512;
    case TK_ISA_AVX512VNNI: return &tk_table_avx512vnni;
#endif
    default: return NULL;
    }
}

bool tk_isa_supported(tk_isa isa) {
    switch (isa) {
    case TK_ISA_PLAIN: return true;
#if TK_HAS_X86_LEVELS
    // These ask the operating system as well, whether it saves the wide registers.
    case TK_ISA_AVX2:
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    case TK_ISA_AVX512:
        return tk_isa_supported(TK_ISA_AVX2) && __builtin_cpu_supports("avx512f")
            && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq")
            && __builtin_cpu_supports("avx512bw");
    case TK_ISA_AVX512VNNI:
        return tk_isa_supported(TK_ISA_AVX512) && __builtin_cpu_supports("avx512vnni");
#endif
    default: return false;
    }
}

bool tk_isa_fused(tk_isa isa) {
#if defined(__aarch64__)
    return tk_isa_supported(isa);
#else
    return isa > TK_ISA_PLAIN && isa < TK_ISA_COUNT;
#endif
}

const char *tk_isa_name(tk_isa isa) {
    return (unsigned)isa < TK_ISA_COUNT ? tk_isa_names[isa] : NULL;
}

static tk_isa tk_isa_best(void) {
    // Each has what those before it have.
    int best = TK_ISA_COUNT - 1;
    while (!tk_isa_supported((tk_isa)best)) best--;
    return (tk_isa)best;
}

_Atomic(const tk_table *) tk_chosen_table = NULL;
_Thread_local const tk_table *tk_thread_table = NULL;

// Threads that come here at the same time make the same choice; one that meets a request does
// not undo it.
const tk_table *tk_choose_table(void) {
    const tk_table *none = NULL;
    atomic_compare_exchange_strong(&tk_chosen_table, &none, tk_table_of(tk_isa_best()));
    return atomic_load(&tk_chosen_table);
}

// The table that a name asks for; it stays as it is unless the status is TK_ISA_OK.
static int tk_find_table(const char *name, const tk_table **table) {
    if (!*name || strcmp(name, "auto") == 0) {
        *table = tk_table_of(tk_isa_best());
        return TK_ISA_OK;
    }
    for (int i = 0; i < TK_ISA_COUNT; i++) {
        if (strcmp(name, tk_isa_names[i]) != 0) continue;
        if (!tk_isa_supported((tk_isa)i)) return TK_ISA_UNSUPPORTED;
        *table = tk_table_of((tk_isa)i);
        return TK_ISA_OK;
    }
    return TK_ISA_UNKNOWN;
}

int tk_isa_request(const char *name) {
    const tk_table *table = NULL;
    int status = tk_find_table(name ? name : "auto", &table);
    if (status == TK_ISA_OK) atomic_store(&tk_chosen_table, table);
    return status;
}

int tk_isa_request_on_thread(const char *name) {
    if (!name) {
        tk_thread_table = NULL;
        return TK_ISA_OK;
    }
    return tk_find_table(name, &tk_thread_table);
}

tk_isa tk_isa_active(void) {
    const tk_table *table = tk_kernels();
    for (int i = 0; i < TK_ISA_COUNT; i++) {
        if (table == tk_table_of((tk_isa)i)) return (tk_isa)i;
    }
    return TK_ISA_PLAIN;
}
