// The kernels of the level that includes this, as they stand in a table.

#define TK_KERNEL(type, name, parameters, arguments) .name = tk_level_##name,
#define TK_MAP(name) .name = tk_level_##name,
#define TK_INNER(type, name, parameters) .name = tk_level_##name,
#include "kernels.h"
