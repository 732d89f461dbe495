//! The pages of a document, drawn by PDFKit. Takes the app's own copy, changes nothing in it.

import PDFKit
import SwiftUI

struct Pages: UIViewRepresentable {
    let file: URL

    /// Whether PDFKit can draw it: it is none that is broken or wants a password.
    static func canShow(_ file: URL) -> Bool {
        guard let document = PDFDocument(url: file) else { return false }
        return !document.isLocked && document.pageCount > 0
    }

    func makeUIView(context: Context) -> PDFView {
        let view = PDFView()
        view.autoScales = true
        view.displayMode = .singlePageContinuous
        view.document = PDFDocument(url: file)
        return view
    }

    func updateUIView(_ view: PDFView, context: Context) {
        if view.document?.documentURL != file { view.document = PDFDocument(url: file) }
    }
}
