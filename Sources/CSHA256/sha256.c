#include "CSHA256.h"

#include <string.h>

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>
#endif

// FIPS 180-4, 4.2.2: the fractional parts of the cube roots of the first 64 primes.
static const uint32_t constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t rotate(uint32_t x, int bits) { return x >> bits | x << (32 - bits); }

static uint32_t read_word(const uint8_t *bytes) {
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static void write_word(uint8_t *bytes, uint32_t word) {
    for (int i = 0; i < 4; i++) bytes[i] = (uint8_t)(word >> (24 - 8 * i));
}

// FIPS 180-4, 6.2.2.
static void compress_plain(uint32_t state[8], const uint8_t *block) {
    uint32_t w[64];
    for (int t = 0; t < 16; t++) w[t] = read_word(block + 4 * t);
    for (int t = 16; t < 64; t++) {
        uint32_t s0 = rotate(w[t - 15], 7) ^ rotate(w[t - 15], 18) ^ w[t - 15] >> 3;
        uint32_t s1 = rotate(w[t - 2], 17) ^ rotate(w[t - 2], 19) ^ w[t - 2] >> 10;
        w[t] = s1 + w[t - 7] + s0 + w[t - 16];
    }
    uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
    uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
    for (int t = 0; t < 64; t++) {
        uint32_t sum1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
        uint32_t choice = (e & f) ^ (~e & g);
        uint32_t t1 = h + sum1 + choice + constants[t] + w[t];
        uint32_t sum0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
        uint32_t majority = (a & b) ^ (a & c) ^ (b & c);
        h = g, g = f, f = e, e = d + t1;
        d = c, c = b, b = a, a = t1 + sum0 + majority;
    }
    state[0] += a, state[1] += b, state[2] += c, state[3] += d;
    state[4] += e, state[5] += f, state[6] += g, state[7] += h;
}

#if defined(__x86_64__)

bool sha256_has_instructions(void) {
    unsigned a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_SSSE3) || !(c & bit_SSE4_1)) return false;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & 1u << 29);
}

// Four rounds at a time: `recent` holds the last sixteen words of the schedule.
__attribute__((target("sha,sse4.1,ssse3"))) static void compress_with_instructions(
    uint32_t state[8], const uint8_t *bytes, size_t blocks
) {
    const __m128i big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    // The instructions want the words in the order ABEF and CDGH, the highest first.
    __m128i low = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)state), 0xB1);
    __m128i high = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(state + 4)), 0x1B);
    __m128i abef = _mm_alignr_epi8(low, high, 8);
    __m128i cdgh = _mm_blend_epi16(high, low, 0xF0);
    for (; blocks; blocks--, bytes += 64) {
        const __m128i abef_before = abef, cdgh_before = cdgh;
        __m128i recent[4];
#pragma clang loop unroll(full)
        for (int i = 0; i < 16; i++) {
            __m128i next;
            if (i < 4) {
                next = _mm_loadu_si128((const __m128i *)(bytes + 16 * i));
                next = _mm_shuffle_epi8(next, big_endian);
            } else {
                const __m128i last = recent[(i + 3) & 3];
                const __m128i seven_ago = _mm_alignr_epi8(last, recent[(i + 2) & 3], 4);
                next = _mm_sha256msg1_epu32(recent[i & 3], recent[(i + 1) & 3]);
                next = _mm_sha256msg2_epu32(_mm_add_epi32(next, seven_ago), last);
            }
            recent[i & 3] = next;
            __m128i words = _mm_loadu_si128((const __m128i *)(constants + 4 * i));
            words = _mm_add_epi32(words, next);
            cdgh = _mm_sha256rnds2_epu32(cdgh, abef, words);
            abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(words, 0x0E));
        }
        abef = _mm_add_epi32(abef, abef_before);
        cdgh = _mm_add_epi32(cdgh, cdgh_before);
    }
    low = _mm_shuffle_epi32(abef, 0x1B);
    high = _mm_shuffle_epi32(cdgh, 0xB1);
    _mm_storeu_si128((__m128i *)state, _mm_blend_epi16(low, high, 0xF0));
    _mm_storeu_si128((__m128i *)(state + 4), _mm_alignr_epi8(high, low, 8));
}

#else

bool sha256_has_instructions(void) { return false; }

#endif

static void compress(
    uint32_t state[8], const uint8_t *bytes, size_t blocks, sha256_way way
) {
#if defined(__x86_64__)
    if (way == SHA256_BEST) return compress_with_instructions(state, bytes, blocks);
#endif
    (void)way;
    for (; blocks; blocks--, bytes += 64) compress_plain(state, bytes);
}

void sha256_begin(sha256_message *message, sha256_way way) {
    // FIPS 180-4, 5.3.3.
    static const uint32_t start[8] = {
        0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
        0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
    };
    memset(message, 0, sizeof *message);
    memcpy(message->state, start, sizeof start);
    message->way = way == SHA256_BEST && sha256_has_instructions() ? SHA256_BEST : SHA256_PLAIN;
}

void sha256_append(sha256_message *message, const uint8_t *bytes, size_t count) {
    if (!count) return;
    size_t held = message->length % 64;
    message->length += count;
    if (held) {
        size_t taken = count < 64 - held ? count : 64 - held;
        memcpy(message->block + held, bytes, taken);
        bytes += taken, count -= taken;
        if (held + taken < 64) return;
        compress(message->state, message->block, 1, message->way);
    }
    compress(message->state, bytes, count / 64, message->way);
    if (count % 64) memcpy(message->block, bytes + count / 64 * 64, count % 64);
}

void sha256_digest(const sha256_message *message, uint8_t digest[32]) {
    // 5.1.1: a one bit, zeros, and the length in bits, to the end of a block.
    uint8_t padding[72] = {0x80};
    size_t held = message->length % 64;
    size_t zeros = (held < 56 ? 56 : 120) - held;
    uint64_t bits = message->length * 8;
    write_word(padding + zeros, (uint32_t)(bits >> 32));
    write_word(padding + zeros + 4, (uint32_t)bits);
    sha256_message whole = *message;
    sha256_append(&whole, padding, zeros + 8);
    for (int i = 0; i < 8; i++) write_word(digest + 4 * i, whole.state[i]);
}
