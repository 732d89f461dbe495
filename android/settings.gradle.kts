// The library for Android as an AAR, and the sample app: open this folder in Android Studio. The JVM builds the same sources by pom.xml.

pluginManagement {
    repositories {
        google()
        mavenCentral()
        gradlePluginPortal()
    }
}

dependencyResolutionManagement {
    repositoriesMode = RepositoriesMode.FAIL_ON_PROJECT_REPOS
    repositories {
        google()
        mavenCentral()
    }
}

rootProject.name = "thrivosign-android"
include(":lib")
include(":sample")
