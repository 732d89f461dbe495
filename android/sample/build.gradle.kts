// A small whole app: enrol, read, sign with a finger, see the verdict, share. Views of the framework, nothing from AndroidX.

plugins {
    alias(libs.plugins.android.application)
}

android {
    namespace = "com.thrivosign.sample"
    compileSdk = 36

    defaultConfig {
        applicationId = "com.thrivosign.sample"
        minSdk = 24
        targetSdk = 36
        versionCode = 1
        versionName = "0.1.0"
    }

    buildTypes {
        release {
            isMinifyEnabled = true
            isShrinkResources = true
            proguardFiles(getDefaultProguardFile("proguard-android-optimize.txt"))
        }
    }

    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_17
        targetCompatibility = JavaVersion.VERSION_17
    }
}

dependencies {
    implementation(project(":lib"))
    implementation(libs.coroutines.android)
}
