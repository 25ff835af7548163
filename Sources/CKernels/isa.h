#pragma once

#include <stdatomic.h>

#include "table.h"

// NULL until the first request or the first call of a kernel.
extern _Atomic(const tk_table *) tk_chosen_table;

// What the calling thread asked for; NULL: nothing.
extern _Thread_local const tk_table *tk_thread_table;

const tk_table *tk_choose_table(void);

// The kernels of the level in use.
static inline const tk_table *tk_kernels(void) {
    if (tk_thread_table) return tk_thread_table;
    // The tables are constants of the program: the pointer is all there is to see.
    const tk_table *table = atomic_load_explicit(&tk_chosen_table, memory_order_relaxed);
    return table ? table : tk_choose_table();
}
