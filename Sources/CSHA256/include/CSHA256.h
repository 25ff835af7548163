#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// SHA-256 as FIPS 180-4 defines it, with the processor's own instructions where it has them.

/// How the blocks of a message are compressed. All give the same digest.
typedef enum {
    /// The instructions for SHA where the processor has them, else plain C.
    SHA256_BEST = 0,
    /// Plain C.
    SHA256_PLAIN = 1,
} sha256_way;

/// A message that is not yet at its end.
typedef struct {
    uint32_t state[8];
    /// Bytes that came in so far; the last `length % 64` of them stand in `block`.
    uint64_t length;
    uint8_t block[64];
    sha256_way way;
} sha256_message;

/// Begins a message.
void sha256_begin(sha256_message *message, sha256_way way);

/// Appends bytes.
void sha256_append(sha256_message *message, const uint8_t *bytes, size_t count);

/// The digest of what came so far. The message is as it was: more may be appended.
void sha256_digest(const sha256_message *message, uint8_t digest[32]);

/// Whether the processor has instructions for it.
bool sha256_has_instructions(void);

#ifdef __cplusplus
}
#endif
