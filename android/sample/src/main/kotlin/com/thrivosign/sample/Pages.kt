package com.thrivosign.sample

import android.content.Context
import android.graphics.Bitmap
import android.graphics.Color
import android.graphics.pdf.PdfRenderer
import android.os.ParcelFileDescriptor
import android.view.View
import android.view.ViewGroup
import android.widget.BaseAdapter
import android.widget.ImageView
import java.io.File

/** The pages of a document as rows of a list, each drawn when it comes into sight. */
class Pages(private val context: Context, file: File) : BaseAdapter(), AutoCloseable {
    private val renderer = PdfRenderer(ParcelFileDescriptor.open(file, ParcelFileDescriptor.MODE_READ_ONLY))

    override fun getCount() = renderer.pageCount

    override fun getItem(position: Int) = position

    override fun getItemId(position: Int) = position.toLong()

    override fun getView(position: Int, old: View?, parent: ViewGroup): View {
        val view = old as? ImageView ?: ImageView(context).apply { adjustViewBounds = true }
        view.contentDescription = context.getString(R.string.page_of, position + 1, count)
        renderer.openPage(position).use { page ->
            val width = parent.width.coerceIn(1, MOST)
            val height = (width.toLong() * page.height / page.width.coerceAtLeast(1)).coerceIn(1, 4L * MOST).toInt()
            val drawn = Bitmap.createBitmap(width, height, Bitmap.Config.ARGB_8888)
            drawn.eraseColor(Color.WHITE)
            page.render(drawn, null, null, PdfRenderer.Page.RENDER_MODE_FOR_DISPLAY)
            view.setImageBitmap(drawn)
        }
        return view
    }

    override fun close() = renderer.close()

    private companion object {
        /** Pixels. */
        const val MOST = 2048
    }
}
