/*
 * Freed pages go back to the operating system at once.
 *
 * The allocator keeps them for a second and gives them back when somebody asks for memory again: after a busy morning
 * nobody does, and an old desktop is left with what the morning needed. MIMALLOC_PURGE_DELAY in the environment still
 * decides, in milliseconds. Weak, because tests are linked without the allocator.
 */
#include <mimalloc.h>

#if defined(__GNUC__)
extern void mi_option_set_default(mi_option_t option, long value) __attribute__((weak));

__attribute__((constructor)) static void give_back(void) {
  if (mi_option_set_default) mi_option_set_default(mi_option_purge_delay, 0);
}
#endif
