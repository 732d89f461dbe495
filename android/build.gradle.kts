buildscript {
    dependencies {
        // AGP brings a Kotlin of its own, which may be older than the generated bindings.
        classpath("org.jetbrains.kotlin:kotlin-gradle-plugin:2.4.21")
    }
}

plugins {
    alias(libs.plugins.android.library) apply false
    alias(libs.plugins.android.application) apply false
}
