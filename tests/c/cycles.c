/* Signs and verifies again and again; nothing may be left over. For valgrind and the sanitizers. usage: cycles [COUNT] */
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>

int main(int count, char **words) {
    struct fixture fixture;
    const size_t before = thrivosign_objects_alive();
    const long cycles = count > 1 ? atol(words[1]) : 500;
    size_t in_between;
    long i;
    fixture_make_offline(&fixture);
    in_between = thrivosign_objects_alive();
    for (i = 0; i < cycles; i++) {
        sign_and_verify(&fixture);
        hold(thrivosign_objects_alive() == in_between, "a cycle leaves nothing over");
    }
    fixture_free(&fixture);
    hold(thrivosign_objects_alive() == before, "nothing is left over");
    printf("%ld cycles of sign and verify, %lu handles left over\n", cycles, (unsigned long)(thrivosign_objects_alive() - before));
    return EXIT_SUCCESS;
}
