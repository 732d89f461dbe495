// One AAR: the generated bindings, the wrapper, the key store, and the native library of four ABIs.

plugins {
    alias(libs.plugins.android.library)
}

android {
    namespace = "com.thrivosign.android"
    compileSdk = 36

    defaultConfig {
        minSdk = 24
        consumerProguardFiles("consumer-rules.pro")
        // src/main/jniLibs, made by cargo-ndk: docs/howto/android.md.
        ndk {
            abiFilters += listOf("arm64-v8a", "armeabi-v7a", "x86", "x86_64")
        }
    }

    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_17
        targetCompatibility = JavaVersion.VERSION_17
    }

    sourceSets.named("main") {
        manifest.srcFile("../keystore/src/main/AndroidManifest.xml")
        kotlin.directories += listOf("../../bindings/kotlin", "../keystore/src/main/kotlin")
        // The licences travel with the library.
        assets.directories += "build/licences"
    }
}

val licences by tasks.registering(Copy::class) {
    from("../../LICENSE-APACHE", "../../LICENSE-MIT")
    into(layout.buildDirectory.dir("licences/thrivosign"))
}

tasks.named("preBuild") {
    dependsOn(licences)
}

dependencies {
    api(libs.coroutines.core)
    implementation(libs.coroutines.android)
    // As an AAR: with JNA's own native library for each ABI.
    implementation(variantOf(libs.jna) { artifactType("aar") })
}
