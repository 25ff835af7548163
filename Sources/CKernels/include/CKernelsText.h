#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Kernels over text. Their results are the same at every level.

/// How text is cut into records and these into fields.
typedef struct {
    /// What stands between fields: `delimiter_length` bytes from 1 to 8, no line end among them,
    /// nor the quote.
    uint8_t delimiter[8];
    uint32_t delimiter_length;
    /// The byte that quotes fields, and the one that begins a comment; -1: none.
    int32_t quote, comment;
} tk_separators;

/// What `tk_split_records` found.
typedef struct {
    size_t records;
    /// Whether a quote stands in some of them.
    bool quoted;
} tk_split;

/// Bytes behind the text that may be read by the functions below, whatever they hold.
enum { TK_TEXT_PADDING = 80 };

/// Finds the ends of the fields of the records from `start` on, where a record begins that is
/// neither empty nor a comment: ends[0] is start - 1, ends[1 + r * fields + f] where field f of
/// record r ends, and a line feed stands at the end of each last field.
///
/// Stops after `most` records, and before the first that does not have that many fields, has no
/// line feed, is followed by nothing but a comment, or has quotes other than such that begin and
/// end a whole field without any in between. A field that begins with a quote then ends with one,
/// before a carriage return, which only the last field may have.
///
/// `text` has `count` < 2^31 bytes, fields are 2 or more, and `ends` has room for
/// (most + 1) * fields + 65 numbers.
tk_split tk_split_records(
    const uint8_t *text, size_t count, size_t start, const tk_separators *separators,
    size_t fields, size_t most, int32_t *ends);

/// How many of the bytes are this one.
size_t tk_count_byte(const uint8_t *text, size_t count, uint8_t byte);

/// Fetches what will soon be read there.
static inline void tk_prefetch(const void *place) { __builtin_prefetch(place); }

#ifdef __cplusplus
}
#endif
