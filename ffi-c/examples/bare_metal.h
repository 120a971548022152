// What the receiver loop needs of a board: a modem or a UART, a clock, random numbers, and what to do with an event.
#ifndef BARE_METAL_H
#define BARE_METAL_H

#include "korewebhook.h"

// Waits for the next request to begin; false ends the loop, which a product never does.
bool board_accept(void);

// The next bytes of the request, as many as there are, at most `room`; 0 where the sender has hung up or is too slow.
size_t board_read(uint8_t *to, size_t room);

// Sends an answer and ends the connection.
void board_answer(int32_t status);

// Milliseconds since 1970.
uint64_t board_now_ms(void);

// Random bytes that can't be guessed.
void board_random(uint8_t *to, size_t len);

// Acts on an event. False where it failed: then the sender comes again.
bool board_handle(korewebhook_bytes event);

// The number of a refusal, for the device's own log and never for the sender.
void board_log(int32_t reason);

// Takes requests until `board_accept` says no. False where the configuration is wrong.
bool receive(const korewebhook_bytes *secrets, size_t secrets_len, korewebhook_bytes url);

#endif
