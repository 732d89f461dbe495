package com.thrivosign.sample

import android.app.Activity
import android.app.Application
import android.content.pm.ApplicationInfo
import android.os.Bundle
import com.thrivosign.android.AndroidKeystoreStore
import com.thrivosign.android.KeyPolicy
import com.thrivosign.android.PromptApproval
import com.thrivosign.android.PromptTexts
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob

/** What outlives the screens: the keys, the account, the document in hand, and the work that goes on while the person turns the device. */
class SampleApp : Application() {
    val scope = CoroutineScope(SupervisorJob() + Dispatchers.Main)
    val account by lazy { Account(this) }
    var agreement: Agreement? = null

    /** What the next prompt is for. */
    @Volatile var approving: Int = R.string.prompt_title

    /** The activity that prompts are shown over. */
    @Volatile private var front: Activity? = null

    /** Only an app that is being developed may do without hardware, and only if its developer ticks it. */
    val isDebuggable: Boolean get() = applicationInfo.flags and ApplicationInfo.FLAG_DEBUGGABLE != 0

    val keys: AndroidKeystoreStore
        get() {
            val policy = if (isDebuggable && account.softwareKeys) KeyPolicy.dangerousSoftware() else KeyPolicy()
            return AndroidKeystoreStore(this, approval, policy)
        }

    private val approval by lazy {
        PromptApproval(this, { PromptTexts(getString(approving), getString(R.string.cancel), agreement?.name) }, { front })
    }

    override fun onCreate() {
        super.onCreate()
        registerActivityLifecycleCallbacks(
            object : ActivityLifecycleCallbacks {
                override fun onActivityResumed(activity: Activity) {
                    front = activity
                }

                override fun onActivityPaused(activity: Activity) {
                    if (front === activity) front = null
                }

                override fun onActivityCreated(activity: Activity, state: Bundle?) = Unit

                override fun onActivityStarted(activity: Activity) = Unit

                override fun onActivityStopped(activity: Activity) = Unit

                override fun onActivitySaveInstanceState(activity: Activity, state: Bundle) = Unit

                override fun onActivityDestroyed(activity: Activity) = Unit
            },
        )
    }
}

val Activity.app: SampleApp get() = application as SampleApp
