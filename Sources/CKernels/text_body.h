// Text is looked at 64 bytes at a time: a mask has a bit for each byte.

typedef uint8_t tk_b64 __attribute__((ext_vector_type(64), aligned(1)));
typedef bool tk_bits64 __attribute__((ext_vector_type(64)));

// The bytes of text[0..<64] that are this one.
TK_INLINE uint64_t tk_bytes_equal(const uint8_t *text, uint8_t byte) {
    tk_bits64 equal = __builtin_convertvector(*(const tk_b64 *)text == byte, tk_bits64);
    uint64_t mask;
    __builtin_memcpy(&mask, &equal, sizeof mask);
    return mask;
}

// Bit i: the exclusive or of the bits up to i; all bits from each odd one to the next are set.
TK_INLINE uint64_t tk_prefix_xor(uint64_t mask) {
    for (int shift = 1; shift < 64; shift *= 2) mask ^= mask << shift;
    return mask;
}

// Where delimiters begin; of such that overlap the first counts. `next`: where the next may.
TK_INLINE uint64_t tk_long_delimiters(
    const uint8_t *text, size_t position, const tk_separators *s, size_t *next
) {
    uint64_t found = tk_bytes_equal(text + position, s->delimiter[0]);
    for (uint32_t i = 1; i < s->delimiter_length && found; i++) {
        found &= tk_bytes_equal(text + position + i, s->delimiter[i]);
    }
    uint64_t kept = 0;
    for (; found; found &= found - 1) {
        size_t place = position + (size_t)__builtin_ctzll(found);
        if (place < *next) continue;
        kept |= found & (0 - found);
        *next = place + s->delimiter_length;
    }
    return kept;
}

// What quotes carry from one mask to the next, each in bit 0.
typedef struct {
    // Inside quotes all bits, else none.
    uint64_t inside;
    // A field begins; a quote has closed; a carriage return stands behind one that has.
    uint64_t begins, closed, returned;
} tk_quote_state;

TK_INLINE tk_split tk_split_text(
    const uint8_t *text, size_t count, size_t start, const tk_separators *s, bool is_long,
    size_t fields, size_t most, int32_t *ends
) {
    tk_split result = {0, false};
    tk_quote_state state = {0, 1, 0, 0};
    ends[0] = (int32_t)((int64_t)start - 1);
    size_t found = 0, next = start, records = 0;
    bool is_last = false, quoted = false;
    for (size_t p = start; p < count && !is_last; p += 64) {
        uint64_t newlines = tk_bytes_equal(text + p, '\n');
        uint64_t delimiters = is_long ? tk_long_delimiters(text, p, s, &next)
                                      : tk_bytes_equal(text + p, s->delimiter[0]);
        uint64_t allowed = count - p < 64 ? (UINT64_C(1) << (count - p)) - 1 : ~UINT64_C(0);
        if (s->quote >= 0) {
            uint64_t quotes = tk_bytes_equal(text + p, (uint8_t)s->quote) & allowed;
            if (quotes | state.inside | state.closed | state.returned) {
                quoted = true;
                uint64_t inside = tk_prefix_xor(quotes) ^ state.inside;
                newlines &= ~inside;
                delimiters &= ~inside;
                uint64_t opening = quotes & inside, closing = quotes & ~inside;
                uint64_t behind = closing << 1 | state.closed;
                uint64_t returns = behind & tk_bytes_equal(text + p, '\r');
                // A delimiter has no quote, so one that begins in this block and ends in the next
                // leaves the place of a field's beginning to the next.
                uint64_t begins = newlines << 1 | state.begins;
                if (is_long) {
                    for (uint64_t d = delimiters; d; d &= d - 1) {
                        int bit = __builtin_ctzll(d) + (int)s->delimiter_length;
                        if (bit < 64) begins |= UINT64_C(1) << bit;
                    }
                } else {
                    begins |= delimiters << 1;
                }
                uint64_t wrong = (opening & ~begins) | (behind & ~(newlines | delimiters | returns))
                    | ((returns << 1 | state.returned) & ~newlines);
                if (wrong & allowed) {
                    allowed &= (wrong & (0 - wrong)) - 1;
                    is_last = true;
                }
                state.inside = 0 - (inside >> 63);
                state.closed = closing >> 63;
                state.returned = returns >> 63;
            }
            state.begins = (newlines | (is_long ? 0 : delimiters)) >> 63;
            if (is_long && next >= p + 64) state.begins |= UINT64_C(1) << (next - p - 64);
        }
        newlines &= allowed;
        uint64_t marks = newlines | (delimiters & allowed);
        size_t before = found;
        for (uint64_t left = marks; left; left &= left - 1) {
            ends[++found] = (int32_t)(p + (size_t)__builtin_ctzll(left));
        }
        for (; newlines; newlines &= newlines - 1) {
            uint64_t below = (newlines & (0 - newlines)) - 1;
            // The line feed must be the last mark of its record.
            size_t mark = before + (size_t)__builtin_popcountll(marks & below) + 1;
            if (mark != (records + 1) * fields) return (tk_split){records, quoted};
            records++;
            if (records == most || text[(size_t)ends[mark] + 1] == s->comment) {
                return (tk_split){records, quoted};
            }
        }
        // More marks than a record can have.
        if (found >= (records + 1) * fields) break;
    }
    result.records = records;
    result.quoted = quoted;
    return result;
}

static tk_split tk_level_split_records(
    const uint8_t *text, size_t count, size_t start, const tk_separators *s, size_t fields,
    size_t most, int32_t *ends
) {
    return s->delimiter_length > 1
        ? tk_split_text(text, count, start, s, true, fields, most, ends)
        : tk_split_text(text, count, start, s, false, fields, most, ends);
}

static size_t tk_level_count_byte(const uint8_t *text, size_t count, uint8_t byte) {
    size_t total = 0, p = 0;
    for (; p + 64 <= count; p += 64) {
        total += (size_t)__builtin_popcountll(tk_bytes_equal(text + p, byte));
    }
    for (; p < count; p++) total += text[p] == byte;
    return total;
}
