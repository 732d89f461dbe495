package com.thrivosign.sample

import android.content.ContentProvider
import android.content.ContentValues
import android.database.Cursor
import android.database.MatrixCursor
import android.net.Uri
import android.os.ParcelFileDescriptor
import android.provider.OpenableColumns
import java.io.File
import java.io.FileNotFoundException

/** Gives the signed document, to read, to the app that the person shares it with, and nothing else to anybody. */
class SignedFiles : ContentProvider() {
    private fun file(uri: Uri): File {
        val file = File(context!!.filesDir, Agreement.SIGNED)
        if (uri.path != "/${Agreement.SIGNED}" || !file.exists()) throw FileNotFoundException()
        return file
    }

    override fun onCreate() = true

    override fun getType(uri: Uri) = "application/pdf"

    override fun openFile(uri: Uri, mode: String): ParcelFileDescriptor {
        if (mode != "r") throw FileNotFoundException()
        return ParcelFileDescriptor.open(file(uri), ParcelFileDescriptor.MODE_READ_ONLY)
    }

    override fun query(uri: Uri, columns: Array<String>?, where: String?, values: Array<String>?, order: String?): Cursor =
        MatrixCursor(arrayOf(OpenableColumns.DISPLAY_NAME, OpenableColumns.SIZE)).apply { addRow(arrayOf<Any>(Agreement.SIGNED, file(uri).length())) }

    override fun insert(uri: Uri, values: ContentValues?) = throw UnsupportedOperationException()

    override fun update(uri: Uri, values: ContentValues?, where: String?, arguments: Array<String>?) = throw UnsupportedOperationException()

    override fun delete(uri: Uri, where: String?, arguments: Array<String>?) = throw UnsupportedOperationException()

    companion object {
        val SIGNED: Uri get() = Uri.parse("content://com.thrivosign.sample.signed/${Agreement.SIGNED}")
    }
}
