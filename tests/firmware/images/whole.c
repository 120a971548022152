// Every function of the library in one image: it links where nothing is undefined, a panic included.
#include "korewebhook.h"

int main(void) { return korewebhook_version()[0] == 0; }
