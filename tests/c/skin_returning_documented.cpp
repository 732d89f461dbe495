// The lines that docs/howto/cpp.md shows for programs without exceptions, in one that runs.

#define THRIVOSIGN_NO_EXCEPTIONS

#include "fixture.h"

#include <thrivosign.hpp>

namespace {

thrivosign::error_kind judged(const thrivosign::document &document, const thrivosign::trust &trust) {
    const auto report = document.verify(trust);
    if (!report) {
        return report.error().code();
    }
    const bool clean = report->clean().value();     // ends the program if there is no value

    hold(!clean, "nobody has signed it");
    return thrivosign::error_kind::ok;
}

} // namespace

int main() {
    fixture made;
    fixture_make_offline(&made);
    {
        thrivosign_trust *anchors = nullptr;
        must("trust", thrivosign_trust_ref(made.trust, &anchors));
        const thrivosign::trust trust(anchors);
        const auto document = thrivosign::document::from_path(setting("THRIVOSIGN_DOCUMENT"));
        hold(judged(document.value(), trust) == thrivosign::error_kind::ok, "it was verified");
    }
    fixture_free(&made);
    return 0;
}
