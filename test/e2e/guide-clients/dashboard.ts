/**
 * What a dashboard does that was written after the sync management guide: the same requests, headers and fields, and the
 * same answers taken for good or bad. It is not to be made cleverer: it stands for programs that are in use.
 */
export interface Dashboard {
  safeTriggerSync(organization: string): Promise<Started>;
  /** Gives the status that it ended with. `say` gets the line that is shown. */
  monitorSync(syncId: string, say: (line: string) => void): Promise<string>;
  /** Gives the warnings that it would show. */
  checkSyncHealth(organization: string): Promise<string[]>;
}

interface Started {
  readonly success: boolean;
  readonly message: string;
  readonly sync_id: string;
}

interface History {
  readonly recent_syncs: readonly { readonly status: string; readonly started_at: string }[];
  readonly average_sync_duration_seconds: number;
}

const day = 24 * 60 * 60 * 1_000;

/** `page` is the fetch of the page it runs in. The guide waits for two seconds between questions, and for a minute. */
export function openDashboard(page: typeof fetch, token: string, pauses = { poll: 2_000, limited: 60_000 }): Dashboard {
  const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

  const safeTriggerSync = async (organization: string): Promise<Started> => {
    try {
      const response = await page(`/api/v1/cliniko/sync/${organization}`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      });
      if (!response.ok) throw new Error(`HTTP ${response.status}: ${response.statusText}`);
      const result = (await response.json()) as Started;
      if (!result.success) throw new Error(result.message || 'Sync failed');
      return result;
    } catch (error) {
      if ((error as Error).message.includes('Rate limit')) {
        await wait(pauses.limited);
        return safeTriggerSync(organization);
      }
      throw error;
    }
  };

  return {
    safeTriggerSync,
    monitorSync: async (syncId, say) => {
      let status = 'starting';
      while (status === 'starting' || status === 'running') {
        const response = await page(`/api/v1/sync/progress/${syncId}`, {
          headers: { Authorization: `Bearer ${token}` },
        });
        const progress = (await response.json()) as {
          status: string;
          progress_percentage: number;
          current_step: string;
        };
        status = progress.status;
        say(`Progress: ${progress.progress_percentage}% - ${progress.current_step}`);
        // While it is starting the next question comes at once.
        if (status === 'running') await wait(pauses.poll);
      }
      return status;
    },
    checkSyncHealth: async (organization) => {
      const history = (await (await page(`/api/v1/sync/history/${organization}?limit=5`)).json()) as History;
      const since = new Date(Date.now() - day);
      const failures = history.recent_syncs.filter(
        (sync) => sync.status === 'failed' && new Date(sync.started_at) > since,
      ).length;
      const warnings = failures > 2 ? [`High failure rate: ${failures} failures in last 24h`] : [];
      const average = history.average_sync_duration_seconds;
      return average > 600 ? [...warnings, `Slow sync performance: ${average}s average`] : warnings;
    },
  };
}
