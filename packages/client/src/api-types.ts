/**
 * Every path of the API with what it takes and answers, made of its OpenAPI document. Not to be edited: after a change of
 * the API, `npm run client:types` writes it anew.
 */
export interface paths {
    "/api/admin/clients/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The clients in numbers, and those that changed last
         * @description Needs the role viewer.
         */
        get: operations["getClientsStatus"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/clients/sync": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sync the clients of Notion
         * @description Answers when the sync has ended, or with 202 after `wait` seconds (25); it goes on by itself. A sync that ends as failed is answered with its own error. Needs the role operator.
         */
        post: operations["postClientsSync"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/sync/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How the syncs of all connections stand
         * @description Needs the role viewer.
         */
        get: operations["getAdminSyncStatus"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sync-irelandpay-crm/enhanced": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How far a sync of Ireland Pay is
         * @description Needs the role viewer.
         */
        get: operations["getEnhancedSync"];
        put?: never;
        /**
         * Start a sync of Ireland Pay
         * @description Needs the role operator.
         */
        post: operations["postEnhancedSync"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sync/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether syncs do as they should, as a checklist
         * @description Needs the role viewer.
         */
        get: operations["getSyncHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sync/logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The history of syncs
         * @description Rows of the view sync_logs, by the names of its columns. Needs the role viewer.
         */
        get: operations["getSyncLogs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sync/restart": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Lift the emergency stop
         * @description Held syncs go on where they were. Nothing is lost, and nothing is read twice. Needs the role admin.
         */
        post: operations["postSyncRestart"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sync/schedule": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change how often syncs come
         * @description What is left out stays. All that schedules can do is at /api/v1/schedules. Needs the role operator.
         */
        put: operations["putSyncSchedule"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sync/statistics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The syncs of the last days in numbers
         * @description Needs the role viewer.
         */
        get: operations["getSyncStatistics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sync/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The running sync, if any, the recent ones, and what comes next
         * @description Needs the role viewer.
         */
        get: operations["getSyncStatus"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sync/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop all syncs
         * @description Every sync pauses at its next page and none starts, in every process and over restarts, until POST /api/sync/restart. Needs the role admin.
         */
        post: operations["postSyncStop"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sync/test-connection": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether the vendor can be reached with the stored credentials
         * @description Needs the role operator.
         */
        get: operations["getSyncTestConnection"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sync/trigger": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start a sync
         * @description Needs the role operator.
         */
        post: operations["postSyncTrigger"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alerts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What is wrong with connections, and what was
         * @description Needs the role viewer.
         */
        get: operations["getAlerts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/analytics/durations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How long syncs took
         * @description Needs the role viewer.
         */
        get: operations["getDurations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/analytics/failures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * In which ways runs failed
         * @description Needs the role viewer.
         */
        get: operations["getFailures"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/analytics/freshness": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How old data are, and how old they may be
         * @description Needs the role viewer.
         */
        get: operations["getFreshness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/analytics/success": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How syncs ended
         * @description Needs the role viewer.
         */
        get: operations["getSuccess"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/analytics/throughput": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Records by entity
         * @description Needs the role viewer.
         */
        get: operations["getThroughput"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/api-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The API keys of the organization
         * @description Needs the role admin.
         */
        get: operations["getApiKeys"];
        put?: never;
        /**
         * Make an API key
         * @description Needs the role admin.
         */
        post: operations["postApiKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/api-keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke an API key
         * @description Needs the role admin.
         */
        delete: operations["deleteApiKey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who did what by hand, when and from where
         * @description Needs the role viewer.
         */
        get: operations["getAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/actions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The kinds of deeds that are in the audit log
         * @description Needs the role viewer.
         */
        get: operations["getAuditActions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cliniko/import-patients/{organization_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Read all patients of Cliniko
         * @description Needs the role operator.
         */
        post: operations["postClinikoImportPatients"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cliniko/status/{organization_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How the account at Cliniko stands
         * @description Needs the role viewer.
         */
        get: operations["getClinikoStatus"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cliniko/sync/{organization_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sync Cliniko
         * @description Needs the role operator.
         */
        post: operations["postClinikoSync"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cliniko/test-connection/{organization_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether Cliniko can be reached with the stored credentials
         * @description Needs the role operator.
         */
        get: operations["getClinikoTestConnection"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/connections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The connections
         * @description Needs the role viewer.
         */
        get: operations["getConnections"];
        put?: never;
        /**
         * Make a connection
         * @description The vendor is not asked yet: POST …/test does that. Needs the role admin.
         */
        post: operations["postConnection"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/connections/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A connection
         * @description Needs the role viewer.
         */
        get: operations["getConnection"];
        put?: never;
        post?: never;
        /**
         * Delete a connection, with or without its data
         * @description Its credentials and schedules are gone at once, its sync is cancelled, and its history follows within minutes. Needs the role admin.
         */
        delete: operations["deleteConnection"];
        options?: never;
        head?: never;
        /**
         * Change a connection
         * @description What is left out stays. New credentials end needs_reauth and throw old tokens away; a baseUrl of another host needs them. They replace all that were there but the key of webhooks, which null takes away. Needs the role admin.
         */
        patch: operations["patchConnection"];
        trace?: never;
    };
    "/api/v1/connections/{id}/circuit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether requests go out to the vendor
         * @description Needs the role viewer.
         */
        get: operations["getCircuit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/connections/{id}/circuit/close": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send requests to the vendor again
         * @description Whatever opened it. Runs that rest because of it go on at once. Needs the role operator.
         */
        post: operations["postCircuitClose"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/connections/{id}/circuit/open": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send no more requests to the vendor
         * @description Holds for the whole fleet, and for every connection with the same credential, until it is closed by hand. Needs the role operator.
         */
        post: operations["postCircuitOpen"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/connections/{id}/entities": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A connection's entities: rows, how old they are, and what is left to repair
         * @description Needs the role viewer.
         */
        get: operations["getConnectionEntities"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/connections/{id}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How far a connection's history is read, and when all of it will be
         * @description Needs the role viewer.
         */
        get: operations["getConnectionHistory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/connections/{id}/history/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pause a connection's history
         * @description The window that is being read ends here, and what is left of it is read when the history is started again. Other syncs go on. Needs the role operator.
         */
        post: operations["postConnectionHistoryPause"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/connections/{id}/history/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start a connection's history, or let it go on
         * @description One that is paused goes on where it was; one that is done is read again, from the newest month; one that is running goes on, at once where it was waiting after a failure. Any other sync of the connection goes first. Needs the role operator.
         */
        post: operations["postConnectionHistoryStart"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/connections/{id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pause a connection
         * @description A sync that runs rests at its next page, triggers are refused (CONNECTION_NOT_READY), and schedules skip their times. Needs the role operator.
         */
        post: operations["postConnectionPause"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/connections/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resume a connection
         * @description A sync that rested goes on where it was. Nothing happens to a connection that is not paused. Needs the role operator.
         */
        post: operations["postConnectionResume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/connections/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Whether the vendor can be reached with the stored credentials
         * @description A vendor that lets us in ends needs_reauth. Needs the role operator.
         */
        post: operations["postConnectionTest"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/connections/{id}/verifications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A connection's verifications, the latest first
         * @description The last 20 are kept. Needs the role viewer.
         */
        get: operations["getVerifications"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/connections/{id}/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Hold the vendor's records against the rows
         * @description Reads everything once more, with what the budget leaves over, and writes nothing. Syncs go on meanwhile. Finds rows that are missing, too many, of an older version, or different. Needs the role operator.
         */
        post: operations["postConnectionVerify"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/connections/{id}/webhook": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How a connection's webhook is set up, with the token to paste
         * @description Needs the role admin.
         */
        get: operations["getConnectionWebhook"];
        put?: never;
        /**
         * Await the verification of a new subscription, or make a path for it
         * @description For an hour the connection accepts the token that the vendor sends when a subscription to `path` is created. For a vendor that does not sign, a new `secretPath` is made for the subscription. A token that a delivery has proved goes on for a day beside the new one. Needs the role admin.
         */
        post: operations["postConnectionWebhook"];
        /**
         * Forget the tokens of verifications and of paths
         * @description Deliveries that are signed with them, or come to such a path, are refused within seconds. Needs the role admin.
         */
        delete: operations["deleteConnectionWebhook"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/connections/{id}/webhook/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What a connection's webhooks told of, and what became of it
         * @description Kept for seven days after it was settled. One that told of several records has a row for each. Needs the role viewer.
         */
        get: operations["getWebhookDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/connectors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The vendors that connections can be made to, and what each needs
         * @description Needs the role viewer.
         */
        get: operations["getConnectors"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow everything: server-sent events
         * @description An event `jobs` with how far every live sync is, and how those ended that did so within the last minute; and an event `changed` with what has to be read anew. Whoever comes back, to whichever process of the API, names the last event he saw in `Last-Event-ID` and is told at once what is new since. Needs the role viewer.
         */
        get: operations["getEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/failed-items": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What could not be synced
         * @description Needs the role viewer.
         */
        get: operations["getFailedItems"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/failed-items/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A failed item with its payload
         * @description Needs the role viewer.
         */
        get: operations["getFailedItem"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Put the payload of a failed record right
         * @description The next retry takes this payload instead of asking the vendor; POST …/retry has it tried at once. At most 1 MiB. Needs the role operator.
         */
        patch: operations["patchFailedItem"];
        trace?: never;
    };
    "/api/v1/failed-items/{id}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What happened to a failed item
         * @description Each attempt, edits and retries by hand and by whom, and how it ended. No contents. Needs the role viewer.
         */
        get: operations["getFailedItemHistory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/failed-items/{id}/resolve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Close a failed item
         * @description Nothing is tried or written. A record that fails again in a later sync opens a new item; a held sweep keeps its rows. Needs the role operator.
         */
        post: operations["postFailedItemResolve"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/failed-items/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Try a failed item again
         * @description A record is fetched anew and written; an entity run or a job is taken up again, or becomes a new sync; a held sweep is confirmed: its rows are marked as deleted. While the connection cannot work, the item waits. Needs the role operator.
         */
        post: operations["postFailedItemRetry"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/failed-items/groups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Failed items by what is wrong with them
         * @description Needs the role viewer.
         */
        get: operations["getFailedItemGroups"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/failed-items/resolve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Close many failed items
         * @description The ones named by ids (at most 500), or all that a filter means (at most 10000 at once, the oldest first). Nothing is tried or written. Held sweeps are only closed when they are named, or the filter says kind sweep. Needs the role operator.
         */
        post: operations["postFailedItemsResolve"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/failed-items/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Try many failed items again
         * @description The ones named by ids (at most 500), or all that a filter means (at most 10000 at once, the oldest first). Held sweeps are only confirmed when they are named, or the filter says kind sweep. Needs the role operator.
         */
        post: operations["postFailedItemsRetry"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/failed-items/summary": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Failed items in numbers
         * @description Needs the role viewer.
         */
        get: operations["getFailedItemsSummary"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/installation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The version, and the limits that are in force
         * @description Needs the role viewer.
         */
        get: operations["getInstallation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/maintenance/cleanup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Clear old history away
         * @description Ended syncs, resolved failed items and runs of schedules that are older; entries of the audit log after a year at least. Never what is live, and never a failed item that is not resolved. Needs the role admin.
         */
        post: operations["postMaintenanceCleanup"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The people who have come with tokens of the identity provider
         * @description Needs the role admin.
         */
        get: operations["getMembers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/members/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Forget a member
         * @description Takes away name, address, role and times. It shuts nobody out: whoever comes with a token again is known again. Somebody who is shut out is kept. Needs the role admin.
         */
        delete: operations["deleteMember"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/members/{id}/block": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Shut a member out
         * @description Their tokens and sessions open nothing of this organization from now on, in every process, and streams that they have open end within fifteen seconds. API keys that they made stay good: revoke them besides. Needs the role admin.
         */
        post: operations["postMemberBlock"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/members/{id}/unblock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let a member in again
         * @description With what their token says: also with one that they had before, if it has not ended. Needs the role admin.
         */
        post: operations["postMemberUnblock"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organizations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The organizations
         * @description For the platform key.
         */
        get: operations["getOrganizations"];
        put?: never;
        /**
         * Make an organization
         * @description Its first API key comes from POST /api/v1/api-keys with the platform key and X-Organization-ID. For the platform key.
         */
        post: operations["postOrganization"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organizations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * An organization
         * @description For the platform key.
         */
        get: operations["getOrganization"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Rename an organization
         * @description What is left out stays. Tokens know it by its externalId, so that another one shuts them out. For the platform key.
         */
        patch: operations["patchOrganization"];
        trace?: never;
    };
    "/api/v1/overview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Every connection at a glance
         * @description Needs the role viewer.
         */
        get: operations["getOverview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/schedules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The schedules
         * @description Needs the role viewer.
         */
        get: operations["getSchedules"];
        put?: never;
        /**
         * Make a schedule
         * @description Needs the role operator.
         */
        post: operations["postSchedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/schedules/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Delete a schedule and its history
         * @description A sync that it has started goes on. To keep the history, set enabled to false instead. Needs the role operator.
         */
        delete: operations["deleteSchedule"];
        options?: never;
        head?: never;
        /**
         * Change a schedule
         * @description What is left out stays. cron and intervalSeconds replace each other. Needs the role operator.
         */
        patch: operations["patchSchedule"];
        trace?: never;
    };
    "/api/v1/schedules/{id}/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What came of a schedule
         * @description Needs the role viewer.
         */
        get: operations["getScheduleRuns"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/schedules/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * What a schedule would mean, in words, and its next times
         * @description Needs the role viewer.
         */
        post: operations["postSchedulePreview"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who asks: role, organizations, and until when
         * @description Needs the role viewer.
         */
        get: operations["getSession"];
        put?: never;
        /**
         * Sign a browser in with a key or a token
         * @description Sets a cookie that no script can read, good for twelve hours and no longer than the key or the token. With it, requests that change something have to come from pages of this host. Ten wrong keys a minute block an address.
         */
        post: operations["postSession"];
        /**
         * Sign out: the browser forgets its session
         * @description Needs the role viewer.
         */
        delete: operations["deleteSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/local": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign in the browser on the machine that `npm start` runs on
         * @description Only with the services that `npm start` brings along, and only for pages of this host in a browser of the same machine and user; for all others there is nothing here.
         */
        post: operations["postSessionLocal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sync/cleanup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Settle syncs that nobody carries any more
         * @description Of the own organization only. Syncs that have nothing left to do are concluded, syncs that were lost from the queues go on, and what could not be carried on for six hours is ended as failed. A sync that shows signs of life, waits or is paused is left alone; to end one, cancel it. Needs the role operator.
         */
        post: operations["postCleanup"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sync/history/{organization_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The history of syncs
         * @description Needs the role viewer.
         */
        get: operations["getHistory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sync/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The syncs, newest first
         * @description Needs the role viewer.
         */
        get: operations["getSyncJobs"];
        put?: never;
        /**
         * Start a sync of a connection
         * @description Needs the role operator.
         */
        post: operations["postSyncJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sync/jobs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A sync job, how far it is, and why it does not move
         * @description Needs the role viewer.
         */
        get: operations["getSyncJob"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sync/jobs/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel a sync
         * @description What was written until now stays; the watermarks do not move. The connection is free at once. Needs the role operator.
         */
        post: operations["postJobCancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sync/jobs/{id}/log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What happened to a sync, line by line
         * @description Needs the role viewer.
         */
        get: operations["getSyncJobLog"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sync/progress/{sync_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How far a sync is
         * @description While a sync is `starting` the answer comes when it has begun, or after 1 s. Needs the role viewer.
         */
        get: operations["getProgress"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sync/progress/{sync_id}/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow a sync: server-sent events
         * @description An event `progress` for every change, with the fields of `GET /api/v1/sync/progress/{sync_id}` as data; the last one has a status that is final. Whoever comes back, to whichever process of the API, names the last event he saw in `Last-Event-ID` and gets what is new since; 204 means that nothing will be. Needs the role viewer.
         */
        get: operations["getProgressStream"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sync/scheduler/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether syncs start by themselves, and whether one runs
         * @description Needs the role viewer.
         */
        get: operations["getSchedulerStatus"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sync/scheduler/trigger": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Do now what the scheduler does next
         * @description For each connection what its next schedule syncs; without one that is enabled, what changed. The schedules stay as they are, and come at their times. Needs the role operator.
         */
        post: operations["postSchedulerTrigger"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sync/start/{organization_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start a sync, to be followed by its id
         * @description Needs the role operator.
         */
        post: operations["postStart"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sync/trigger": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sync what changed, now
         * @description Needs the role operator.
         */
        post: operations["postTrigger"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/verifications/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A verification: how far it is, counts and checksums of both sides
         * @description Needs the role viewer.
         */
        get: operations["getVerification"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/verifications/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel a verification, or its repair
         * @description What was found until now stays. A sync that repairs goes on: cancel it as any other. Needs the role operator.
         */
        post: operations["postVerificationCancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/verifications/{id}/findings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What a verification found, by entity and id
         * @description Needs the role viewer.
         */
        get: operations["getFindings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/verifications/{id}/repair": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Repair what a verification found
         * @description An entity after the other, by a sync of the records that were found; where the vendor does not hand them out one by one, by a full sync of the entity, and rows that are too many are marked as deleted. The order is the word that a brake on deletes would wait for. Needs the role operator.
         */
        post: operations["postVerificationRepair"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The webhooks of all connections, and what came of them in the last 24 hours
         * @description Needs the role viewer.
         */
        get: operations["getWebhooks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/webhooks/{connector}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A delivery of a vendor, for the default organization
         * @description Signed by the vendor, over the raw body; for Notion `X-Notion-Signature`. A body with a `verification_token` alone is the handshake: it is accepted while a connection awaits it (`POST /api/v1/connections/{id}/webhook`).
         */
        post: operations["postWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/webhooks/{connector}/{connection}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A delivery of a vendor, for one connection
         * @description Signed by the vendor, over the raw body; for Notion `X-Notion-Signature`. A body with a `verification_token` alone is the handshake: it is accepted while a connection awaits it (`POST /api/v1/connections/{id}/webhook`).
         */
        post: operations["postWebhookOfConnection"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/webhooks/{connector}/{connection}/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A delivery of a vendor that does not sign, for one connection
         * @description Nothing is believed but that something has happened: what the delivery is about is asked for again, at most once a minute. A wrong token is answered as an unknown connection is.
         */
        post: operations["postWebhookOfPath"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/webhooks/{connector}/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How the webhooks of a vendor are doing
         * @description Needs the role viewer.
         */
        get: operations["getWebhookHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the process lives */
        get: operations["getHealthz"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Numbers for Prometheus
         * @description There are none, which is answered with 404, where that token is not set: docs/metrics.md. For the token of SYNCLINE_METRICS_TOKEN, and no other.
         */
        get: operations["getMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether Postgres and Redis can be used */
        get: operations["getReadyz"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export interface components {
    schemas: {
        /** @description Something that is, or was, wrong with a connection */
        Alert: {
            /** @description Null while it is open */
            clearedAt: string | null;
            /** Format: uuid */
            connectionId: string;
            /** @description Null when the connection was deleted */
            connectionName: string | null;
            connector: string;
            /** @description Numbers, entities and codes, as they were when it was raised */
            detail: {
                [key: string]: unknown;
            };
            /** Format: uuid */
            id: string;
            /** @enum {string} */
            kind: "failures" | "slow" | "stale" | "needs_reauth" | "webhook_silent" | "differences" | "restored";
            message: string;
            /** @description None where no webhook is set */
            messages: components["schemas"]["AlertMessage"][];
            /** Format: date-time */
            raisedAt: string;
        };
        /** @description A message to the webhook */
        AlertMessage: {
            attempts: number;
            /** @description When it was taken, or given up */
            endedAt: string | null;
            /** @description Of the last try that did not work */
            errorCode: string | null;
            /** @enum {string} */
            event: "alert.raised" | "alert.cleared";
            /** @description The receiver's last answer */
            httpStatus: number | null;
            /** @description While it is pending */
            nextAttemptAt: string | null;
            /** @enum {string} */
            status: "pending" | "delivered" | "given_up";
        };
        /** @description A key of an organization, without what opens anything */
        ApiKey: {
            /** Format: date-time */
            createdAt: string;
            createdBy: string;
            expiresAt: string | null;
            /** Format: uuid */
            id: string;
            /** @description To the minute; null when it was never used */
            lastUsedAt: string | null;
            name: string;
            /** @description How the key begins */
            prefix: string;
            revokedAt: string | null;
            /** @enum {string} */
            role: "viewer" | "operator" | "admin";
        };
        /** @description Something that somebody did by hand */
        AuditEntry: {
            /** @description sync.trigger, syncs.stop, schedule.change, item.retry… */
            action: string;
            /** @description How somebody came in */
            actor: string;
            /** @description From where; null in entries of older releases */
            address: string | null;
            /** Format: date-time */
            createdAt: string;
            /** @description Ids, counts and words; never contents of records */
            details: {
                [key: string]: unknown;
            };
            id: number;
            subjectId: string | null;
            subjectKind: string;
        };
        /** @description Whether requests go out to the vendor of a connection */
        Circuit: {
            /** @description Who opened or closed it by hand */
            by: string | null;
            openedBy: ("failures" | "operator") | null;
            since: string | null;
            /**
             * @description Half open: one request is trying it, or will
             * @enum {string}
             */
            state: "closed" | "open" | "half_open";
            /** @description When one request tries it; null while it is held open by hand */
            until: string | null;
            /** @description Workers that keep their own requests back, also while it is closed for the others */
            votes: {
                bootId: string;
                /** Format: date-time */
                since: string;
            }[];
        };
        /** @description What is set up at a vendor, without what opens it */
        Connection: {
            connector: string;
            /** Format: date-time */
            createdAt: string;
            /** @description Variables describe it: each start brings what they say back, also when it was changed or deleted here */
            fromEnvironment: boolean;
            hasCredentials: boolean;
            /** Format: uuid */
            id: string;
            lastSync: {
                /** Format: date-time */
                createdAt: string;
                endedAt: string | null;
                /** Format: uuid */
                jobId: string;
                /** @enum {string} */
                status: "queued" | "running" | "succeeded" | "partial" | "failed" | "cancelled";
            } | null;
            name: string;
            /** @description When a schedule starts one; null when none does */
            nextSyncAt: string | null;
            /** @description What is not as it was when the last sync looked at the account: a property that was removed, say */
            notices: string[];
            /** @description What was set; for the rest the connector's defaults count */
            settings: {
                [key: string]: unknown;
            };
            /**
             * @description needs_reauth: the vendor refuses the credentials. error: the last sync failed; the next one tries again
             * @enum {string}
             */
            status: "active" | "paused" | "needs_reauth" | "error";
            statusReason: string | null;
            /** Format: date-time */
            updatedAt: string;
        };
        /** @description How a connection is doing */
        ConnectionOverview: {
            /** @description The fullest window of the vendor’s quota; null where there is none, or Redis cannot be reached */
            budget: {
                limit: number;
                /** @description When a request may go out, if none may now */
                resetsAt: string | null;
                used: number;
                windowSeconds: number;
            } | null;
            connector: string;
            /** @description Of the entity that is the worst against its target */
            freshness: components["schemas"]["Freshness"];
            /** Format: uuid */
            id: string;
            /** @description The last one that has ended */
            lastSync: {
                durationSeconds: number | null;
                endedAt: string | null;
                /** Format: uuid */
                jobId: string;
                /** @enum {string} */
                status: "queued" | "running" | "succeeded" | "partial" | "failed" | "cancelled";
            } | null;
            name: string;
            /** @description When a schedule starts one; null when none does */
            nextSyncAt: string | null;
            openAlerts: number;
            openFailedItems: number;
            running: {
                /** @description The one at hand */
                entity: string | null;
                /** Format: uuid */
                jobId: string;
                /** @description Null while nobody knows how much there is */
                percent: number | null;
                startedAt: string | null;
                /** @enum {string} */
                status: "queued" | "running" | "succeeded" | "partial" | "failed" | "cancelled";
            } | null;
            /**
             * @description The first that is so. problem: the vendor refuses the credentials, the last sync failed, or an alert is open
             * @enum {string}
             */
            state: "paused" | "problem" | "running" | "fine";
            /** @enum {string} */
            status: "active" | "paused" | "needs_reauth" | "error";
            statusReason: string | null;
        };
        /** @description A vendor that there is code for, and what a connection to it needs */
        Connector: {
            /** @description JSON Schema (2020-12) of what a connection is given. `format: password` marks what is secret */
            credentials: {
                [key: string]: unknown;
            };
            /** @description In the order they are synced */
            entities: {
                /** @description Entities that are synced before it, and with it */
                dependsOn: string[];
                name: string;
                /** @description Whether single records can be asked for by their ids */
                readsById: boolean;
            }[];
            /** @description Where the vendor says how to get access */
            guideUrl: string | null;
            /** @description What was before the first sync is read in windows of a month */
            hasHistory: boolean;
            /** @description The vendor tells of changes */
            hasWebhooks: boolean;
            id: string;
            /** @description As people call the vendor */
            name: string;
            /** @description The same of its settings, with their defaults. `x-syncline-group` is the heading under which a form puts one; those without it come first */
            settings: {
                [key: string]: unknown;
            };
        };
        EnhancedSync: {
            completedAt: string | null;
            /** Format: uuid */
            connectionId: string;
            entities: {
                /** @description Rows marked as deleted */
                deleted: number;
                /** @description Null before it begins */
                durationSeconds: number | null;
                entity: string;
                failed: number;
                /** @description new, updated, unchanged and failed together */
                fetched: number;
                new: number;
                phase: string;
                /** @enum {string} */
                status: "pending" | "running" | "succeeded" | "partial" | "failed" | "skipped" | "cancelled";
                unchanged: number;
                updated: number;
            }[];
            errors: {
                code: string;
                entity: string | null;
                message: string;
            }[];
            /** @description When a history will be read, once that is known */
            eta: string | null;
            message: string;
            /** @description By phase: counts of merchants, transactions, residuals; the time is that of all that belongs to the phase. Of a history one, `history`, with everything that it has read */
            metrics: {
                [key: string]: {
                    /** @description Rows marked as deleted */
                    deleted: number;
                    /** @description Null before it begins */
                    durationSeconds: number | null;
                    failed: number;
                    /** @description new, updated, unchanged and failed together */
                    fetched: number;
                    new: number;
                    /** @enum {string} */
                    status: "pending" | "running" | "succeeded" | "partial" | "failed" | "skipped" | "cancelled";
                    unchanged: number;
                    updated: number;
                };
            };
            /** @enum {string} */
            mode: "full" | "incremental" | "backfill";
            /**
             * @description What it is at, by the entity that is being read; a history may also wait for other syncs, or be paused
             * @enum {string}
             */
            phase: "merchants" | "transactions" | "residuals" | "starting" | "waiting" | "paused" | "finishing" | "completed" | "failed" | "cancelled";
            /** @description Percent; never goes back while the sync lives */
            progress: number;
            /**
             * Format: date-time
             * @description Of a sync that waits in its queue: when it was asked for
             */
            startedAt: string;
            /** @enum {string} */
            status: "starting" | "running" | "completed" | "failed" | "cancelled";
            statusUrl: string;
            /** @constant */
            success: true;
            /** Format: uuid */
            syncId: string;
            syncType: string;
            triggeredBy: string | null;
        };
        /** @description How an entity of a connection is doing */
        EntityOverview: {
            /** @description Marked as deleted; null where rows are estimated */
            deletedRows: number | null;
            /** @description What the last verification found that was done with it */
            drift: {
                different: number;
                endedAt: string | null;
                extra: number;
                missing: number;
                /** @description A repair has put it right since; nobody has looked again */
                repaired: boolean;
                /** Format: uuid */
                verificationId: string;
            } | null;
            entity: string;
            freshness: components["schemas"]["Freshness"];
            /** @description A schedule that is in force brings it */
            isEnabled: boolean;
            lastRun: {
                endedAt: string | null;
                /** Format: uuid */
                jobId: string;
                /** @enum {string} */
                mode: "full" | "incremental" | "backfill";
                /** @enum {string} */
                status: "pending" | "running" | "succeeded" | "partial" | "failed" | "skipped" | "cancelled";
            } | null;
            /** @description When its last run ended that read all that it was to read */
            lastSyncedAt: string | null;
            openFailedItems: number;
            /** @description Live ones, of this connection; null for an adopted table that tenants may not read */
            rows: number | null;
            /** @description They are counted up to ten thousand */
            rowsAreEstimated: boolean;
            table: string;
            /** @description Up to when it is known to be complete */
            watermark: string | null;
        };
        /** @description A record, an entity run, a job or a sweep that did not work out */
        FailedItem: {
            attempts: number;
            code: string;
            /** Format: uuid */
            connectionId: string;
            /** Format: date-time */
            createdAt: string;
            /** @description Null for what is about a whole job */
            entity: string | null;
            /** @description What is wrong: a field of the record, a column or a constraint */
            field: string | null;
            /** @description What to do about it */
            hint: string | null;
            /** Format: uuid */
            id: string;
            /** @enum {string} */
            kind: "record" | "entity_run" | "job" | "sweep";
            message: string;
            nextAttemptAt: string | null;
            note: string | null;
            /** @description Since then the payload is an operator’s */
            payloadEditedAt: string | null;
            resolvedAt: string | null;
            /** @description sync, recovery, or who did it by hand */
            resolvedBy: string | null;
            /**
             * @description pending: tried again at nextAttemptAt. dead: waits for somebody
             * @enum {string}
             */
            status: "pending" | "retrying" | "resolved" | "dead";
            /** @description The sync in which it failed last, or that tries it again */
            syncJobId: string | null;
            /** Format: date-time */
            updatedAt: string;
            /** @description Of the record. For the failed run of a selection: a name of the selection */
            vendorId: string | null;
        };
        /** @description Something that happened to a failed item */
        FailedItemEvent: {
            /** @description Who did it by hand; of resolved also sync and recovery */
            actor: string | null;
            /** Format: date-time */
            at: string;
            /** @description Of failed: how many attempts there were by then */
            attempt: number | null;
            code: string | null;
            field: string | null;
            /**
             * @description failed: an attempt came to nothing. dead: given up. started: its retry is a sync. edited, retried: by hand
             * @enum {string}
             */
            kind: "failed" | "dead" | "started" | "resolved" | "edited" | "retried";
            /** @description Of failed: what was wrong, null where it is the same as before. Of resolved: the note */
            message: string | null;
            /** @description The sync in which it happened, as long as it is kept */
            syncJobId: string | null;
        };
        /** @description Failed items with which the same thing is wrong */
        FailedItemGroup: {
            count: number;
            /** @description Null for what is about a whole job */
            entity: string | null;
            field: string | null;
            /** Format: date-time */
            firstAt: string;
            /** @enum {string} */
            kind: "record" | "entity_run" | "job" | "sweep";
            /** Format: date-time */
            lastAt: string;
            /** @description Of one of them */
            message: string;
            reasonCode: string;
            /** @description What is wrong may pass by itself; else something has to change first */
            retryable: boolean;
        };
        FailedItemWithPayload: {
            attempts: number;
            code: string;
            /** Format: uuid */
            connectionId: string;
            /** Format: date-time */
            createdAt: string;
            /** @description Null for what is about a whole job */
            entity: string | null;
            /** @description What is wrong: a field of the record, a column or a constraint */
            field: string | null;
            /** @description What to do about it */
            hint: string | null;
            /** Format: uuid */
            id: string;
            /** @enum {string} */
            kind: "record" | "entity_run" | "job" | "sweep";
            message: string;
            nextAttemptAt: string | null;
            note: string | null;
            /** @description The record as it came, or as an operator has put it right; null where none was kept */
            payload: unknown;
            /** @description Since then the payload is an operator’s */
            payloadEditedAt: string | null;
            resolvedAt: string | null;
            /** @description sync, recovery, or who did it by hand */
            resolvedBy: string | null;
            /**
             * @description pending: tried again at nextAttemptAt. dead: waits for somebody
             * @enum {string}
             */
            status: "pending" | "retrying" | "resolved" | "dead";
            /** @description The sync in which it failed last, or that tries it again */
            syncJobId: string | null;
            /** Format: date-time */
            updatedAt: string;
            /** @description Of the record. For the failed run of a selection: a name of the selection */
            vendorId: string | null;
        };
        /** @description Names and times, no contents */
        Finding: {
            /** @description The record was asked for by its id, and it is so */
            confirmed: boolean;
            entity: string;
            /** @description Columns that differ, where that is known */
            fields: string[];
            /** @enum {string} */
            kind: "missing" | "extra" | "stale" | "different";
            /** @description Why the record cannot be stored, a code of the catalogue */
            reason: string | null;
            storedUpdatedAt: string | null;
            vendorId: string;
            /** @description When the record was changed; of a missing one without such a time: when the day that it is of is over everywhere */
            vendorUpdatedAt: string | null;
        };
        /** @description How old data are */
        Freshness: {
            /** @description Null: nobody knows, or nothing brings them */
            ageSeconds: number | null;
            isStale: boolean;
            /** @description How old they may be by the schedules, or by the settings; null without either */
            targetSeconds: number | null;
        };
        /** @description What was before the first syncs, and how far it is read */
        History: {
            begunAt: string | null;
            /** Format: uuid */
            connectionId: string;
            endedAt: string | null;
            error: {
                /** Format: date-time */
                at: string;
                code: string;
                message: string;
            } | null;
            /** @description When all will be read; null until a window is, and while it is paused */
            eta: string | null;
            /** @description The oldest month, YYYY-MM */
            from: string | null;
            /** @description Null where nothing is to be read in windows */
            id: string | null;
            /** @description The sync that reads the window */
            jobId: string | null;
            message: string;
            /** @description When a window that failed is tried again */
            nextAttemptAt: string | null;
            pausedBy: string | null;
            percent: number;
            /**
             * @description waiting: for its turn, other syncs go first. retrying: the last window failed, see `error`
             * @enum {string}
             */
            phase: "none" | "reading" | "waiting" | "retrying" | "paused" | "done";
            /** @description All from this month on is read; null while no window is */
            reached: string | null;
            records: {
                created: number;
                deleted: number;
                failed: number;
                read: number;
                unchanged: number;
                updated: number;
            };
            /** @description Of the last windows */
            secondsPerWindow: number | null;
            /** @enum {string} */
            state: "none" | "running" | "paused" | "done";
            /** @description The month that it was begun in: windows go from there to the oldest */
            to: string | null;
            /** @description The month that is being read, or comes next */
            window: string | null;
            windowsDone: number;
            windowsTotal: number;
        };
        /** @description Why the job does not move */
        Holdup: {
            detail: string;
            entity: string | null;
            /** @enum {string} */
            reason: "stopped" | "connection_paused" | "budget" | "vendor_rate_limit" | "circuit" | "retry" | "turn" | "no_worker" | "queue_unavailable" | "not_queued";
            /** @description When it goes on by itself, where that is known */
            until: string | null;
        };
        /** @description What is in force for everybody */
        Installation: {
            /** @description Whose tokens are taken; null: none are */
            identityProvider: string | null;
            /** @description What an API key, or the owner of a token, may ask in a minute */
            requestsAMinute: number;
            /** @description For how long history is kept; null: for good */
            retentionDays: number | null;
            /** @description Whether the database keeps organizations apart besides */
            rowSecurity: boolean;
            /** @description False: ENABLE_SYNC_SCHEDULER is off, and nothing starts by itself */
            schedulesRun: boolean;
            /** @description Of the process that answers */
            version: string;
        };
        /** @description Something that happened to a sync */
        JobLogLine: {
            /** Format: date-time */
            at: string;
            /** @description Ids, counts, codes and times */
            detail: {
                [key: string]: unknown;
            } | null;
            /** @description Null: it is about the job as a whole */
            entity: string | null;
            /** @description Grows with time */
            id: string;
            /** @enum {string} */
            kind: "queued" | "running" | "claimed" | "pages" | "waits" | "retry" | "entity-ended" | "ended";
            message: string;
            /** @description How many pages of the entity were committed by then */
            page: number | null;
        };
        /** @description Somebody who has come with a token of the identity provider */
        Member: {
            /** @description Since when they are shut out; null while they may come in */
            blocked: {
                /** Format: date-time */
                at: string;
                by: string;
                reason: string;
            } | null;
            email: string | null;
            /** Format: date-time */
            firstSeenAt: string;
            /** Format: uuid */
            id: string;
            /** @description The identity provider */
            issuer: string;
            /**
             * Format: date-time
             * @description To the minute
             */
            lastSeenAt: string;
            /** @description API keys that they made and that open something still: these do not end with their tokens */
            liveKeys: number;
            /** @description As their token said it last; null where it never did */
            name: string | null;
            /**
             * @description As their token gave it last
             * @enum {string}
             */
            role: "viewer" | "operator" | "admin";
            /** @description What that calls the person */
            subject: string;
        };
        /** @description A tenant */
        Organization: {
            /** Format: date-time */
            createdAt: string;
            externalId: string | null;
            /** Format: uuid */
            id: string;
            name: string;
            slug: string;
        };
        /** @description What every failed request is answered with */
        Problem: {
            /**
             * @description Stable: decide by it, never by the texts
             * @enum {string}
             */
            code: "UPSTREAM_UNREACHABLE" | "UPSTREAM_TIMEOUT" | "UPSTREAM_UNAVAILABLE" | "UPSTREAM_RATE_LIMITED" | "UPSTREAM_BAD_BODY" | "UPSTREAM_TOO_LARGE" | "UPSTREAM_SCHEMA" | "UPSTREAM_GONE" | "UPSTREAM_REJECTED" | "UPSTREAM_BAD_WATERMARK" | "UPSTREAM_AUTH" | "EGRESS_REFUSED" | "BUDGET_WAIT" | "BUDGET_UNAVAILABLE" | "CIRCUIT_OPEN" | "RECORD_INVALID" | "RECORD_UNSTORABLE" | "TARGET_SCHEMA" | "PAGE_CAP_REACHED" | "FAILED_ITEMS_FULL" | "CURSOR_CYCLE" | "CURSOR_UNREADABLE" | "SWEEP_HELD" | "DEPENDENCY_FAILED" | "JOB_STALE" | "JOB_UNREADABLE" | "FENCED_OUT" | "CREDENTIALS_UNREADABLE" | "CREDENTIALS_REPLACED" | "CONNECTION_SETTINGS_INVALID" | "DATABASE_UNAVAILABLE" | "QUEUE_UNAVAILABLE" | "SYNC_ALREADY_RUNNING" | "VERIFICATION_RUNNING" | "SYNC_NOT_RUNNING" | "NO_HISTORY" | "SYNC_UNHEALTHY" | "SYNC_STOPPED" | "ITEM_RESOLVED" | "CONNECTION_NOT_FOUND" | "CONNECTION_AMBIGUOUS" | "CONNECTION_NOT_READY" | "NOT_FOUND" | "UNAUTHENTICATED" | "WEBHOOK_REFUSED" | "WEBHOOK_NOT_AWAITED" | "MEMBER_BLOCKED" | "MEMBER_KEPT" | "FORBIDDEN" | "ADHOC_CREDENTIALS_OFF" | "ORGANIZATION_NOT_FOUND" | "ORGANIZATION_REQUIRED" | "TOO_MANY_REQUESTS" | "IDENTITY_PROVIDER_UNAVAILABLE" | "VALIDATION_FAILED" | "PAYLOAD_TOO_LARGE" | "TOO_MANY_STREAMS" | "INTERNAL";
            /** @description What happened this time */
            detail: string;
            /** @description With VALIDATION_FAILED: every field that is wrong */
            errors?: {
                field: string;
                message: string;
            }[];
            /** @description What to do about it */
            hint: string;
            /** @description Finds the request in the server's log */
            requestId: string;
            /** @description With SYNC_ALREADY_RUNNING: the job to follow */
            runningJobId?: string | null;
            status: number;
            title: string;
            /** @description Where the code is explained, relative to this server */
            type: string;
        };
        /** @description When syncs start by themselves, and what they sync */
        Schedule: {
            /** Format: uuid */
            connectionId: string;
            /** Format: date-time */
            createdAt: string;
            cron: string | null;
            enabled: boolean;
            /** @description With what they depend on; empty for all */
            entities: string[];
            /** Format: uuid */
            id: string;
            intervalSeconds: number | null;
            lastRun: components["schemas"]["ScheduleRun"] | null;
            /** @enum {string} */
            mode: "full" | "incremental" | "verify";
            name: string;
            /** @description Null when it is not enabled */
            nextDueAt: string | null;
            timeZone: string;
            /** Format: date-time */
            updatedAt: string;
        };
        /** @description What came of a time at which a schedule was due */
        ScheduleRun: {
            /** @description Why it was skipped or failed */
            code: string | null;
            /** Format: date-time */
            createdAt: string;
            detail: string | null;
            /** Format: date-time */
            dueAt: string;
            /**
             * @description merged: part of the job of another schedule that was due with it
             * @enum {string}
             */
            outcome: "started" | "merged" | "skipped" | "failed";
            /** @description The job that was started, while it is kept */
            syncJobId: string | null;
        };
        /** @description Records by their ids, what changed in a span of time, both ends included, or what a scope is about */
        Selection: {
            /** @description The vendor's ids */
            ids: string[];
        } | {
            /** Format: date-time */
            from: string;
            /** @description Null: up to the vendor’s present */
            to: string | null;
        } | {
            /** @description So many back and ahead of when the sync was asked for */
            days: number;
            /** @description What the records have in common, as the connector names it */
            scope: string;
        };
        /** @description Who asks, and what for */
        Session: {
            /** @description When that is over; null for a key without an end */
            expiresAt: string | null;
            /** @description As the audit log has it */
            name: string;
            /** @description The one that requests are about; null while several are possible and none was named */
            organization: {
                /** Format: uuid */
                id: string;
                name: string;
                slug: string;
            } | null;
            /** @description Those that X-Organization-ID may name; all for the platform, which GET /api/v1/organizations lists */
            organizations: "all" | {
                /** Format: uuid */
                id: string;
                name: string;
                slug: string;
            }[];
            /** @enum {string} */
            role: "viewer" | "operator" | "admin" | "platform";
            /**
             * @description A session cookie, a key, or a token of the identity provider
             * @enum {string}
             */
            via: "session" | "key" | "token";
        };
        /** @description What a failed request of the sync management API is answered with */
        SyncFailure: {
            details: {
                /** @description Stable, and finer than error_type: [all codes](/docs/errors) */
                error_code: string;
                /** @enum {string} */
                error_type: "credentials_not_found" | "credentials_invalid" | "api_connection_failed" | "api_request_refused" | "rate_limit_exceeded" | "invalid_data_format" | "database_error" | "queue_unavailable" | "sync_already_running" | "sync_not_allowed" | "sync_incomplete" | "invalid_request" | "not_found" | "authentication_failed" | "permission_denied" | "internal_error";
                /** @description With invalid_request: every field that is wrong */
                errors?: {
                    field: string;
                    message: string;
                }[];
                /** @description What happened this time, and what to do about it */
                message: string;
                /** @description Seconds, as in the header Retry-After; null where waiting changes nothing */
                retry_after: number | null;
                /**
                 * Format: uuid
                 * @description With sync_already_running: the sync to follow instead
                 */
                sync_id?: string;
            };
            error: string;
            /** @constant */
            success: false;
            /** Format: date-time */
            timestamp: string;
        };
        /** @description A checklist with numbers, thresholds and verdicts */
        SyncHealth: {
            checks: {
                /** @enum {string} */
                name: "success_rate" | "longest_running" | "budget_used" | "record_error_rate" | "token_refresh";
                reason: string | null;
                threshold: number;
                /** @enum {string} */
                unit: "percent" | "minutes" | "failures";
                value: number | null;
                /** @enum {string} */
                verdict: "ok" | "unknown" | "warning" | "fail";
                /**
                 * @description On which side of the threshold the value is fine
                 * @enum {string}
                 */
                wanted: "above" | "below";
            }[];
            connection: {
                connector: string;
                /** Format: uuid */
                id: string;
                name: string;
                /** @enum {string} */
                status: "active" | "paused" | "needs_reauth" | "error";
                statusReason: string | null;
            };
            /**
             * @description The worst of the checks: ok, unknown, warning, fail
             * @enum {string}
             */
            verdict: "ok" | "unknown" | "warning" | "fail";
        };
        /** @description The syncs that are kept, and the last of them */
        SyncHistory: {
            /** @description Of those that have ended; null when none has */
            average_sync_duration_seconds: number | null;
            failed_syncs: number;
            last_successful_sync_at: string | null;
            last_sync_at: string | null;
            organization_id: string;
            /** @description Newest first */
            recent_syncs: {
                completed_at: string | null;
                /** Format: uuid */
                connection_id: string;
                errors: {
                    /** @description Null when it is about the sync as a whole */
                    entity: string | null;
                    error_code: string;
                    /** @enum {string} */
                    error_type: "credentials_not_found" | "credentials_invalid" | "api_connection_failed" | "api_request_refused" | "rate_limit_exceeded" | "invalid_data_format" | "database_error" | "queue_unavailable" | "sync_already_running" | "sync_not_allowed" | "sync_incomplete" | "invalid_request" | "not_found" | "authentication_failed" | "permission_denied" | "internal_error";
                    message: string;
                }[];
                /** @description What was asked for, and for every entity of the sync `<entity>_processed` */
                metadata: {
                    appointments_processed: number;
                    patients_processed: number;
                    sync_type: string;
                } & {
                    [key: string]: string | number;
                };
                records_failed: number;
                records_processed: number;
                records_success: number;
                /** Format: date-time */
                started_at: string;
                /** @enum {string} */
                status: "starting" | "running" | "completed" | "failed" | "cancelled";
                /** Format: uuid */
                sync_id: string;
            }[];
            successful_syncs: number;
            total_syncs: number;
        };
        /** @description A job and its entity runs, in the order they are synced */
        SyncJob: {
            /** Format: uuid */
            connectionId: string;
            /** Format: date-time */
            createdAt: string;
            endedAt: string | null;
            entities: {
                endedAt: string | null;
                entity: string;
                errorCode: string | null;
                errorMessage: string | null;
                /** @enum {string} */
                mode: "full" | "incremental" | "backfill";
                /** @description Why the mode differs from the one asked for */
                modeReason: string | null;
                pages: number;
                /** @description Null while nobody knows how much there is */
                percent: number | null;
                recordsCreated: number;
                /** @description Rows marked as deleted, because the vendor has their records no more */
                recordsDeleted: number;
                recordsExpected: number | null;
                recordsFailed: number;
                recordsRead: number;
                recordsUnchanged: number;
                recordsUpdated: number;
                startedAt: string | null;
                /** @enum {string} */
                status: "pending" | "running" | "succeeded" | "partial" | "failed" | "skipped" | "cancelled";
                /** @description What holds the run up now */
                waitingFor: string | null;
                waitingUntil: string | null;
            }[];
            errorCode: string | null;
            errorMessage: string | null;
            /** @description Null when it moves, or has ended */
            holdup: components["schemas"]["Holdup"] | null;
            /** Format: uuid */
            id: string;
            /** @enum {string} */
            mode: "full" | "incremental" | "backfill";
            /** @description What a backfill is about; null for every other sync */
            selection: components["schemas"]["Selection"] | null;
            startedAt: string | null;
            /** @enum {string} */
            status: "queued" | "running" | "succeeded" | "partial" | "failed" | "cancelled";
            syncType: string;
            /** @enum {string} */
            trigger: "manual" | "schedule" | "webhook" | "recovery";
            triggeredBy: string | null;
        };
        /** @description A job with the sums of its entity runs */
        SyncJobSummary: {
            /** Format: uuid */
            connectionId: string;
            connectionName: string;
            connector: string;
            /** Format: date-time */
            createdAt: string;
            /** @description Until now, of one that runs; null before it has begun */
            durationSeconds: number | null;
            endedAt: string | null;
            errorCode: string | null;
            errorMessage: string | null;
            /** Format: uuid */
            id: string;
            /** @enum {string} */
            mode: "full" | "incremental" | "backfill";
            recordsCreated: number;
            recordsDeleted: number;
            recordsFailed: number;
            recordsRead: number;
            recordsUpdated: number;
            /** @description What a backfill is about; null for every other sync */
            selection: components["schemas"]["Selection"] | null;
            startedAt: string | null;
            /** @enum {string} */
            status: "queued" | "running" | "succeeded" | "partial" | "failed" | "cancelled";
            syncType: string;
            /** @enum {string} */
            trigger: "manual" | "schedule" | "webhook" | "recovery";
            triggeredBy: string | null;
        };
        /** @description A row of the view sync_logs */
        SyncLogEntry: {
            cancelled_by: string | null;
            completed_at: string | null;
            /** Format: uuid */
            connection_id: string;
            /** Format: date-time */
            created_at: string;
            details: {
                entities: {
                    entity: string;
                    error_code: string | null;
                    error_message: string | null;
                    mode: string;
                    /** @description Why the mode differs from the one asked for */
                    mode_reason: string | null;
                    pages: number;
                    /** @description Null while nobody knows how much there is */
                    percent: number | null;
                    records_created: number;
                    /** @description Rows marked as deleted; not part of records_processed */
                    records_deleted: number;
                    records_expected: number | null;
                    records_failed: number;
                    records_processed: number;
                    records_unchanged: number;
                    records_updated: number;
                    /** @enum {string} */
                    status: "pending" | "running" | "success" | "partial" | "error" | "skipped" | "cancelled";
                    /** @description What holds the run up now */
                    waiting_for: string | null;
                    waiting_until: string | null;
                }[];
                /** @description What a backfill is about; null for every other sync */
                selection: components["schemas"]["Selection"] | null;
            };
            error_code: string | null;
            error_message: string | null;
            /** Format: uuid */
            id: string;
            mode: string;
            /**
             * @description Tells a queued sync from a running one
             * @enum {string}
             */
            phase: "queued" | "running" | "ended";
            records_created: number;
            /** @description Rows marked as deleted; not part of records_processed */
            records_deleted: number;
            records_failed: number;
            records_processed: number;
            records_unchanged: number;
            records_updated: number;
            /**
             * Format: date-time
             * @description Of a sync that waits in its queue: when it was asked for
             */
            started_at: string;
            /** @enum {string} */
            status: "running" | "success" | "partial" | "error" | "cancelled";
            sync_type: string;
            trigger: string;
            triggered_by: string | null;
        };
        /** @description How far a sync is */
        SyncProgress: {
            completed_steps: number;
            current_operation: string;
            current_step: string;
            /** @description Without what the records hold */
            errors: {
                /** @description Null when it is about the sync as a whole */
                entity: string | null;
                error_code: string;
                /** @enum {string} */
                error_type: "credentials_not_found" | "credentials_invalid" | "api_connection_failed" | "api_request_refused" | "rate_limit_exceeded" | "invalid_data_format" | "database_error" | "queue_unavailable" | "sync_already_running" | "sync_not_allowed" | "sync_incomplete" | "invalid_request" | "not_found" | "authentication_failed" | "permission_denied" | "internal_error";
                message: string;
            }[];
            /** @description Null where nobody can tell */
            estimated_completion: string | null;
            organization_id: string;
            /** @description Never goes back while the sync lives */
            progress_percentage: number;
            records_processed: number;
            /** @description Null while it is not known; never less than records_processed */
            records_total: number | null;
            /**
             * Format: date-time
             * @description Of a sync that waits in its queue: when it was asked for
             */
            started_at: string;
            /** @enum {string} */
            status: "starting" | "running" | "completed" | "failed" | "cancelled";
            /** Format: uuid */
            sync_id: string;
            /** @description Entities of the sync */
            total_steps: number;
        };
        /** @description What the syncs of some days came to */
        SyncStatistics: {
            /** @description Every day, oldest first */
            by_day: {
                cancelled: number;
                /** Format: date */
                day: string;
                error: number;
                partial: number;
                records_created: number;
                records_deleted: number;
                records_failed: number;
                records_processed: number;
                records_unchanged: number;
                records_updated: number;
                running: number;
                runs: number;
                success: number;
            }[];
            /** @description In the order in which they are synced */
            by_entity: {
                cancelled: number;
                entity: string;
                error: number;
                partial: number;
                records_created: number;
                records_deleted: number;
                records_failed: number;
                records_processed: number;
                records_unchanged: number;
                records_updated: number;
                runs: number;
                skipped: number;
                success: number;
            }[];
            by_status: {
                cancelled: number;
                error: number;
                partial: number;
                running: number;
                success: number;
            };
            days: number;
            /** @description Of syncs that ended as success, partial or error: from their start to their end */
            duration_seconds: {
                avg: number | null;
                p95: number | null;
            };
            /** @description Percent that ended as error, among the same */
            error_rate: number | null;
            /**
             * Format: date
             * @description The first day that is counted, in UTC
             */
            from: string;
            /** @description Percent of the records that failed, among those processed; null when none were */
            record_error_rate: number | null;
            records_created: number;
            records_deleted: number;
            records_failed: number;
            records_processed: number;
            records_unchanged: number;
            records_updated: number;
            /** @description Syncs that were asked for on these days */
            runs: number;
            /** @description Percent of syncs that ended as success, among those that ended as success, partial or error; null when none did */
            success_rate: number | null;
            /**
             * Format: date
             * @description Today
             */
            to: string;
        };
        /** @description The vendor's records held against the rows */
        Verification: {
            /** @description Whether nothing was found; null until it is done */
            clean: boolean | null;
            /** Format: uuid */
            connectionId: string;
            /** Format: date-time */
            createdAt: string;
            endedAt: string | null;
            entities: {
                /** @description Shares of the ids of which both sides sum up to the same; null until all pages were read */
                checksums: {
                    equal: number;
                    of: number;
                } | null;
                /** @description Rows of the same version that say something else, or that say they are newer */
                different: number;
                /** @description Findings that were none when the record itself was asked for */
                dismissed: number;
                entity: string;
                /** @description Live rows of records that the vendor does not have */
                extra: number;
                /** @description Records without a live row */
                missing: number;
                /** @description Not judged: written by a sync since they were compared */
                moved: number;
                /** @description Not judged: changed at the vendor since the watermark, or still to be read by the history */
                notDue: number;
                /** @description Pages of the vendor's list that were compared */
                pages: number;
                /** @description Records of the vendor's list; one that it moved while it was read may count twice */
                records: number;
                repaired: boolean;
                repairJobId: string | null;
                /** @description Live rows of the table; null until all pages were read */
                rows: number | null;
                /** @description Records that looked right and were asked for again, chosen by chance; null where that cannot be done */
                sampled: number | null;
                /** @description Rows of an older version */
                stale: number;
                /** @enum {string} */
                status: "pending" | "reading" | "checking" | "done";
                /** @description Records that cannot be understood or stored */
                unreadable: number;
            }[];
            errorCode: string | null;
            errorMessage: string | null;
            findings: number;
            /** Format: uuid */
            id: string;
            /** @description Null: nobody has ordered it */
            repair: ("asked" | "done" | "failed") | null;
            /** @description Who has ordered it */
            repairBy: string | null;
            repairEndedAt: string | null;
            repairError: string | null;
            startedAt: string | null;
            /** @enum {string} */
            status: "queued" | "running" | "done" | "failed" | "cancelled";
            /** @enum {string} */
            trigger: "manual" | "schedule";
            triggeredBy: string | null;
            /** @description Why it rests, a code of the catalogue */
            waitingFor: string | null;
            waitingUntil: string | null;
        };
        VerificationReport: {
            /** @description Whether nothing was found; null until it is done */
            clean: boolean | null;
            /** Format: uuid */
            connectionId: string;
            /** Format: date-time */
            createdAt: string;
            endedAt: string | null;
            entities: {
                /** @description Both sides summed up, by a share of the ids each; null until all pages were read */
                buckets: {
                    bucket: number;
                    stored: {
                        /** @description 16 hex digits over what a sync writes; equal on both sides where the records are */
                        checksum: string;
                        records: number;
                    };
                    vendor: {
                        /** @description 16 hex digits over what a sync writes; equal on both sides where the records are */
                        checksum: string;
                        records: number;
                    };
                }[] | null;
                /** @description Shares of the ids of which both sides sum up to the same; null until all pages were read */
                checksums: {
                    equal: number;
                    of: number;
                } | null;
                /** @description Rows of the same version that say something else, or that say they are newer */
                different: number;
                /** @description Findings that were none when the record itself was asked for */
                dismissed: number;
                entity: string;
                /** @description Live rows of records that the vendor does not have */
                extra: number;
                /** @description Records without a live row */
                missing: number;
                /** @description Not judged: written by a sync since they were compared */
                moved: number;
                /** @description Not judged: changed at the vendor since the watermark, or still to be read by the history */
                notDue: number;
                /** @description Pages of the vendor's list that were compared */
                pages: number;
                /** @description Records of the vendor's list; one that it moved while it was read may count twice */
                records: number;
                repaired: boolean;
                repairJobId: string | null;
                /** @description Live rows of the table; null until all pages were read */
                rows: number | null;
                /** @description Records that looked right and were asked for again, chosen by chance; null where that cannot be done */
                sampled: number | null;
                /** @description Rows of an older version */
                stale: number;
                /** @enum {string} */
                status: "pending" | "reading" | "checking" | "done";
                /** @description Records that cannot be understood or stored */
                unreadable: number;
            }[];
            errorCode: string | null;
            errorMessage: string | null;
            findings: number;
            /** Format: uuid */
            id: string;
            /** @description Null: nobody has ordered it */
            repair: ("asked" | "done" | "failed") | null;
            /** @description Who has ordered it */
            repairBy: string | null;
            repairEndedAt: string | null;
            repairError: string | null;
            startedAt: string | null;
            /** @enum {string} */
            status: "queued" | "running" | "done" | "failed" | "cancelled";
            /** @enum {string} */
            trigger: "manual" | "schedule";
            triggeredBy: string | null;
            /** @description Why it rests, a code of the catalogue */
            waitingFor: string | null;
            waitingUntil: string | null;
        };
        /** @description How a connection's webhooks are */
        Webhook: {
            /** @description Until then the vendor may offer a key */
            awaitingUntil: string | null;
            /** @description There is a key that deliveries can be signed with, or a path with a token */
            configured: boolean;
            /** Format: uuid */
            connectionId: string;
            /** @description Of those, events that were known already, or told only of what waits to be looked at anyway */
            duplicates: number;
            /** @description When the vendor offered the key that is used, or the token was made */
            handshakeAt: string | null;
            /** @description Of those, events that are of no interest here: of another kind, or about what is not synced */
            ignored: {
                otherSource: number;
                unknownType: number;
            };
            /** @description From a delivery to its row */
            lag: {
                /** @description Of those, records that became failed items */
                failed: number;
                oldestPendingSeconds: number | null;
                p50Seconds: number | null;
                p99Seconds: number | null;
                /** @description Over so many that were settled within a day, a thousand at most */
                settled: number;
            };
            lastDeliveryAt: string | null;
            lastRefused: {
                /** Format: date-time */
                at: string;
                reason: string;
            } | null;
            name: string;
            /** @description Where the vendor delivers, on this server's public address; `{token}` stands for a token that is not shown */
            path: string;
            /** @description Records that wait to be fetched again */
            pending: number;
            /**
             * @description What shows that a delivery is from the vendor: that it is signed, or that its path has a secret token
             * @enum {string}
             */
            proof: "signature" | "path";
            received: number;
            /** @description Deliveries whose signature, token or time was not right */
            refused: number;
            /** @description The first delivery that this key had signed, or that came to the path with this token */
            verifiedAt: string | null;
        };
        /** @description What came of the deliveries of a day */
        WebhookDay: {
            /** Format: uuid */
            connectionId: string;
            connector: string;
            /** @description Records told of in the last 24 hours that became failed items */
            failed: number;
            /** @description How long the oldest one waits that is not settled; null when none does */
            lagSeconds: number | null;
            lastDeliveryAt: string | null;
            name: string;
            /** @description Where the vendor delivers, on this server's public address; `{token}` stands for a token that is not shown */
            path: string;
            /** @description Records told of in the last 24 hours that are settled; ten thousand at most */
            processed: number;
            /**
             * @description What shows that a delivery is from the vendor: that it is signed, or that its path has a secret token
             * @enum {string}
             */
            proof: "signature" | "path";
            /** @description Events of the last 24 full hours, and of the one that has begun */
            received: number;
            /** @description The first delivery that this key had signed, or that came to the path with this token */
            verifiedAt: string | null;
        };
        /** @description One thing that a delivery told of, and what became of it; no contents */
        WebhookDelivery: {
            /** @description How often the record was asked for in vain */
            attempts: number;
            entity: string;
            id: number;
            /** @description written: the record is stored. deleted: the vendor has it no more. unknown: nor have we. failed: a failed item has it. sync: a sync was started. expired: syncs have long passed it. Null until it is done */
            outcome: ("written" | "deleted" | "unknown" | "failed" | "sync" | "expired") | null;
            /** Format: date-time */
            receivedAt: string;
            /**
             * Format: date-time
             * @description By the vendor's clock; of a vendor that does not sign: when it came
             */
            sentAt: string;
            settledAt: string | null;
            /**
             * @description in_hand: its record is being asked for
             * @enum {string}
             */
            status: "pending" | "in_hand" | "done";
            /** @description The vendor's word for what happened */
            type: string;
            /** @description Null: about the entity, or some days of it */
            vendorId: string | null;
        };
        WebhookSetUp: {
            /** @description Until then the vendor may offer a key */
            awaitingUntil: string | null;
            /** @description There is a key that deliveries can be signed with, or a path with a token */
            configured: boolean;
            /** Format: uuid */
            connectionId: string;
            /** @description Of those, events that were known already, or told only of what waits to be looked at anyway */
            duplicates: number;
            /** @description When the vendor offered the key that is used, or the token was made */
            handshakeAt: string | null;
            /** @description Of those, events that are of no interest here: of another kind, or about what is not synced */
            ignored: {
                otherSource: number;
                unknownType: number;
            };
            /** @description From a delivery to its row */
            lag: {
                /** @description Of those, records that became failed items */
                failed: number;
                oldestPendingSeconds: number | null;
                p50Seconds: number | null;
                p99Seconds: number | null;
                /** @description Over so many that were settled within a day, a thousand at most */
                settled: number;
            };
            lastDeliveryAt: string | null;
            lastRefused: {
                /** Format: date-time */
                at: string;
                reason: string;
            } | null;
            name: string;
            /** @description Where the vendor delivers, on this server's public address; `{token}` stands for a token that is not shown */
            path: string;
            /** @description Records that wait to be fetched again */
            pending: number;
            /**
             * @description What shows that a delivery is from the vendor: that it is signed, or that its path has a secret token
             * @enum {string}
             */
            proof: "signature" | "path";
            received: number;
            /** @description Deliveries whose signature, token or time was not right */
            refused: number;
            /** @description Of a vendor that does not sign: `path` with its token, in the answer that has made it and in no other one. Who knows it can have syncs started */
            secretPath: string | null;
            /** @description What the vendor has offered, to be pasted there; null as soon as a delivery has proved it */
            verificationToken: string | null;
            /** @description The first delivery that this key had signed, or that came to the path with this token */
            verifiedAt: string | null;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
interface operations {
    getClientsStatus: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As the table has them */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            clientsWithEmail: number;
                            clientsWithPageInfo: number;
                            /** @description When a client was last edited at Notion; null without any */
                            lastUpdated: string | null;
                            /** @description The 10 that were edited last, newest first */
                            recentUpdates: {
                                hasEmail: boolean;
                                /** Format: date-time */
                                lastUpdated: string;
                                name: string | null;
                                slug: string | null;
                            }[];
                            /** @description Those that are not deleted */
                            totalClients: number;
                        };
                        /** @enum {boolean} */
                        success: true;
                        /** Format: date-time */
                        timestamp: string;
                    };
                };
            };
        };
    };
    postClientsSync: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * Format: uuid
                     * @description Needed where there are several connections
                     */
                    connectionId?: string;
                    /** @description Reads at least what changed in so many hours. Never less than what changed since the last sync */
                    hoursBack?: number;
                    /**
                     * @description What changed since the last sync, or all
                     * @default incremental
                     * @enum {string}
                     */
                    type?: "incremental" | "full";
                    /**
                     * @description Seconds until the answer, at most
                     * @default 25
                     */
                    wait?: number;
                };
            };
        };
        responses: {
            /** @description The sync has read everything; `stats.errors` has what it could not keep */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        jobId: string;
                        message: string;
                        /**
                         * @description How the clients are read in fact
                         * @enum {string}
                         */
                        mode: "incremental" | "full" | "backfill";
                        stats: {
                            created: number;
                            /** @description Rows marked as deleted, which are not part of the total */
                            deleted: number;
                            /** @description What went wrong, without what the records hold; the first 20 */
                            errors: {
                                /** @description Stable: [all codes](/docs/errors) */
                                code: string;
                                field: string | null;
                                message: string;
                                /** @description The vendor's id of the record; null when it is about the sync as a whole */
                                recordId: string | null;
                            }[];
                            /** @description Records that could not be kept; they are tried again */
                            failed: number;
                            /** @description Records that are in the table as they are */
                            skipped: number;
                            /** @description Records that were read: created, updated, skipped and failed */
                            total: number;
                            updated: number;
                        };
                        statusUrl: string;
                        /** @enum {boolean} */
                        success: true;
                        /** Format: date-time */
                        timestamp: string;
                    };
                };
            };
            /** @description The sync goes on; follow it at `statusUrl` */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description False while Redis is away: it starts when it is back */
                        enqueued: boolean;
                        /** Format: uuid */
                        jobId: string;
                        message: string;
                        /**
                         * @description How the clients are read in fact
                         * @enum {string}
                         */
                        mode: "incremental" | "full" | "backfill";
                        stats: {
                            created: number;
                            /** @description Rows marked as deleted, which are not part of the total */
                            deleted: number;
                            /** @description What went wrong, without what the records hold; the first 20 */
                            errors: {
                                /** @description Stable: [all codes](/docs/errors) */
                                code: string;
                                field: string | null;
                                message: string;
                                /** @description The vendor's id of the record; null when it is about the sync as a whole */
                                recordId: string | null;
                            }[];
                            /** @description Records that could not be kept; they are tried again */
                            failed: number;
                            /** @description Records that are in the table as they are */
                            skipped: number;
                            /** @description Records that were read: created, updated, skipped and failed */
                            total: number;
                            updated: number;
                        };
                        statusUrl: string;
                        /** @enum {boolean} */
                        success: true;
                        /** Format: date-time */
                        timestamp: string;
                    };
                };
            };
        };
    };
    getAdminSyncStatus: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it stands */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            /** @description Of every vendor, the oldest first */
                            connections: {
                                connector: string;
                                /** Format: uuid */
                                id: string;
                                /** @description The last one that has ended */
                                lastSync: {
                                    completedAt: string | null;
                                    errorCode: string | null;
                                    errorMessage: string | null;
                                    /** Format: uuid */
                                    jobId: string;
                                    /** @enum {string} */
                                    mode: "full" | "incremental" | "backfill";
                                    /**
                                     * Format: date-time
                                     * @description Of a sync that waits in its queue: when it was asked for
                                     */
                                    startedAt: string;
                                    stats: {
                                        created: number;
                                        /** @description Rows marked as deleted, which are not part of the total */
                                        deleted: number;
                                        /** @description Records that could not be kept; they are tried again */
                                        failed: number;
                                        /** @description Records that are in the table as they are */
                                        skipped: number;
                                        /** @description Records that were read: created, updated, skipped and failed */
                                        total: number;
                                        updated: number;
                                    };
                                    /** @enum {string} */
                                    status: "starting" | "running" | "completed" | "failed" | "cancelled";
                                    /** @enum {string} */
                                    trigger: "manual" | "schedule" | "webhook" | "recovery";
                                    /** @description What was asked for: an entity, a mode */
                                    type: string;
                                } | null;
                                name: string;
                                /** @description Null when none starts by itself */
                                nextSyncAt: string | null;
                                openFailedItems: number;
                                running: {
                                    completedAt: string | null;
                                    errorCode: string | null;
                                    errorMessage: string | null;
                                    /** Format: uuid */
                                    jobId: string;
                                    /** @enum {string} */
                                    mode: "full" | "incremental" | "backfill";
                                    /**
                                     * Format: date-time
                                     * @description Of a sync that waits in its queue: when it was asked for
                                     */
                                    startedAt: string;
                                    stats: {
                                        created: number;
                                        /** @description Rows marked as deleted, which are not part of the total */
                                        deleted: number;
                                        /** @description Records that could not be kept; they are tried again */
                                        failed: number;
                                        /** @description Records that are in the table as they are */
                                        skipped: number;
                                        /** @description Records that were read: created, updated, skipped and failed */
                                        total: number;
                                        updated: number;
                                    };
                                    /** @enum {string} */
                                    status: "starting" | "running" | "completed" | "failed" | "cancelled";
                                    /** @enum {string} */
                                    trigger: "manual" | "schedule" | "webhook" | "recovery";
                                    /** @description What was asked for: an entity, a mode */
                                    type: string;
                                } | null;
                                /** @enum {string} */
                                state: "idle" | "running";
                                /** @enum {string} */
                                status: "active" | "paused" | "needs_reauth" | "error";
                                statusReason: string | null;
                            }[];
                            scheduler: {
                                active: boolean;
                                message: string;
                                nextSyncAt: string | null;
                            };
                            /**
                             * @description stopped: the emergency stop is in force
                             * @enum {string}
                             */
                            state: "idle" | "running" | "stopped";
                        };
                        /** @enum {boolean} */
                        success: true;
                        /** Format: date-time */
                        timestamp: string;
                    };
                };
            };
        };
    };
    getEnhancedSync: {
        parameters: {
            query?: {
                /** @description Needed where there are several connections */
                connectionId?: string;
                /** @description What the start answered with; without it, the latest sync */
                syncId?: string;
            };
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The sync */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EnhancedSync"];
                };
            };
        };
    };
    postEnhancedSync: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "syncType": "daily"
                 *     }
                 */
                "application/json": {
                    /** @description For this sync only, where the operator allows it */
                    apiKey?: string;
                    /** @description The same; another host needs an apiKey of its own */
                    baseUrl?: string;
                    /**
                     * Format: uuid
                     * @description Needed where there are several connections
                     */
                    connectionId?: string;
                    /**
                     * @description initial reads everything, a month at a time beside other syncs; the others what changed
                     * @enum {string}
                     */
                    syncType: "initial" | "daily" | "manual";
                };
            };
        };
        responses: {
            /** @description The sync is in Postgres, and will run */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description It goes by the access that was given, and not by that of the connection */
                        adhoc: boolean;
                        /** @description False while Redis is away: the sync is kept and starts when Redis is back */
                        enqueued: boolean;
                        /** @description In the order they are synced */
                        entities: string[];
                        message: string;
                        /** @enum {string} */
                        mode: "full" | "incremental" | "backfill";
                        /** @enum {string} */
                        status: "starting";
                        statusUrl: string;
                        /** @enum {boolean} */
                        success: true;
                        /**
                         * Format: uuid
                         * @description What it is followed by: GET /api/sync-irelandpay-crm/enhanced?syncId=
                         */
                        syncId: string;
                        /** @enum {string} */
                        syncType: "initial" | "daily" | "manual";
                    };
                };
            };
        };
    };
    getSyncHealth: {
        parameters: {
            query?: {
                /** @description Needed where there are several connections */
                connectionId?: string;
                /** @description true: 503 when a check fails, for monitors that only look at the status */
                strict?: "true" | "false";
            };
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How it stands, whatever the verdict */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SyncHealth"];
                };
            };
        };
    };
    getSyncLogs: {
        parameters: {
            query?: {
                /** @description Needed where there are several connections */
                connectionId?: string;
                limit?: number;
                page?: number;
                status?: "running" | "success" | "partial" | "error" | "cancelled" | "queued" | "succeeded" | "failed";
                syncType?: "full" | "incremental" | "users" | "customfields" | "accounts" | "contacts" | "matters" | "tasks" | "notes" | "emails" | "events" | "timeentries";
            };
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page, newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["SyncLogEntry"][];
                        pagination: {
                            /** @description There are more than the total, which is counted up to 100000 */
                            capped: boolean;
                            limit: number;
                            page: number;
                            total: number;
                            totalPages: number;
                        };
                    };
                };
            };
        };
    };
    postSyncRestart: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How it stands now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description False when it was so already */
                        changed: boolean;
                        /** @description Syncs that are held, or that go on now */
                        jobs: number;
                        /** @description As whoever pressed it gave it */
                        reason: string | null;
                        stopped: boolean;
                        stoppedAt: string | null;
                        stoppedBy: string | null;
                    };
                };
            };
        };
    };
    putSyncSchedule: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "incrementalInterval": 15,
                 *       "fullSyncHour": 2,
                 *       "fullSyncMinute": 0
                 *     }
                 */
                "application/json": {
                    /**
                     * Format: uuid
                     * @description Needed where there are several connections
                     */
                    connectionId?: string;
                    /** @description In the schedule's own time zone */
                    fullSyncHour?: number;
                    fullSyncMinute?: number;
                    /** @description Minutes between incremental syncs */
                    incrementalInterval?: number;
                };
            };
        };
        responses: {
            /** @description How it stands now, for every process */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Null where full syncs are not at one time of day */
                        fullSyncHour: number | null;
                        fullSyncMinute: number | null;
                        /** @description Null where it is a cron expression */
                        incrementalInterval: number | null;
                        /** @description The two schedules that this is about */
                        schedules: components["schemas"]["Schedule"][];
                        /** @description Of the full sync */
                        timeZone: string | null;
                    };
                };
            };
        };
    };
    getSyncStatistics: {
        parameters: {
            query?: {
                /** @description Of one connection; of all unless given */
                connectionId?: string;
                /** @description Calendar days in UTC, today included; syncs count on the day on which they were asked for */
                days?: number;
            };
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What they came to */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SyncStatistics"];
                };
            };
        };
    };
    getSyncStatus: {
        parameters: {
            query?: {
                /** @description Needed where there are several connections */
                connectionId?: string;
            };
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What is going on */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The vendor's quota of this connection's credential */
                        budget: {
                            free: number;
                            /** @description Requests allowed in the window */
                            limit: number;
                            /** @description When a request may go out, if none may now */
                            nextFreeAt: string | null;
                            /** @description Until when the vendor asked to be left alone (429) */
                            pausedUntil: string | null;
                            /** @description Used of the limit, in percent */
                            share: number;
                            /** @description Requests that count against the window now, of the whole fleet */
                            used: number;
                            windowSeconds: number;
                        } | null;
                        /** @description Why the budget is null */
                        budgetReason: string | null;
                        connection: {
                            connector: string;
                            /** Format: uuid */
                            id: string;
                            name: string;
                            /** @enum {string} */
                            status: "active" | "paused" | "needs_reauth" | "error";
                            statusReason: string | null;
                        };
                        /** @description The last 10 that ended, newest first */
                        recent: components["schemas"]["SyncLogEntry"][];
                        running: components["schemas"]["SyncLogEntry"] | null;
                        /** @description The schedules that are enabled, the next one first */
                        scheduled: components["schemas"]["Schedule"][];
                        /** @description False where ENABLE_SYNC_SCHEDULER is: nothing is started */
                        schedulerEnabled: boolean;
                        /** @enum {string} */
                        state: "idle" | "running";
                        /** @description The emergency stop is in force */
                        stopped: boolean;
                    };
                };
            };
        };
    };
    postSyncStop: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "reason": "The vendor changes all ids tonight"
                 *     }
                 */
                "application/json": {
                    /** @description For whoever finds it stopped */
                    reason?: string;
                } | null;
            };
        };
        responses: {
            /** @description How it stands now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description False when it was so already */
                        changed: boolean;
                        /** @description Syncs that are held, or that go on now */
                        jobs: number;
                        /** @description As whoever pressed it gave it */
                        reason: string | null;
                        stopped: boolean;
                        stoppedAt: string | null;
                        stoppedBy: string | null;
                    };
                };
            };
        };
    };
    getSyncTestConnection: {
        parameters: {
            query?: {
                /** @description Needed where there are several connections */
                connectionId?: string;
            };
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The test was made; `success` says what came of it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        connection: {
                            connector: string;
                            /** Format: uuid */
                            id: string;
                            name: string;
                            /** @enum {string} */
                            status: "active" | "paused" | "needs_reauth" | "error";
                            statusReason: string | null;
                        };
                        /** @description From the request here to the answer, in milliseconds */
                        roundTripMs: number;
                        /** @description What the vendor said */
                        sample: {
                            [key: string]: unknown;
                        };
                        /** @enum {boolean} */
                        success: true;
                    } | {
                        code: string;
                        connection: {
                            connector: string;
                            /** Format: uuid */
                            id: string;
                            name: string;
                            /** @enum {string} */
                            status: "active" | "paused" | "needs_reauth" | "error";
                            statusReason: string | null;
                        };
                        hint: string;
                        message: string;
                        /** @description From the request here to the answer, in milliseconds */
                        roundTripMs: number;
                        /** @enum {boolean} */
                        success: false;
                        title: string;
                    };
                };
            };
        };
    };
    postSyncTrigger: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * Format: uuid
                     * @description Needed where there are several connections
                     */
                    connectionId?: string;
                    /**
                     * @description For an entity; incremental unless given
                     * @enum {string}
                     */
                    mode?: "full" | "incremental";
                    /**
                     * @description Only these records, of an entity or (by time) of all. Moves no watermark and deletes nothing unseen
                     * @example {
                     *       "id": "b7c3a6c2-9f34-4f3a-8d54-3c1c7b1a0003"
                     *     }
                     * @example {
                     *       "from": "2025-06-01",
                     *       "to": "2025-06-30"
                     *     }
                     */
                    selection?: {
                        /** @description Records changed then or later. A date is its first moment, in UTC */
                        from?: string;
                        /** @description The vendor's id of one record */
                        id?: string;
                        /** @description The same for several records of one entity */
                        ids?: string[];
                        /** @description Records changed then or earlier; up to now unless given. A date is its last moment, in UTC */
                        to?: string;
                    };
                    /**
                     * @description An entity with what it depends on, or all of them
                     * @enum {string}
                     */
                    syncType: "full" | "incremental" | "users" | "customfields" | "accounts" | "contacts" | "matters" | "tasks" | "notes" | "emails" | "events" | "timeentries";
                };
            };
        };
        responses: {
            /** @description The job is in Postgres, and will run */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description False while Redis is away: the job is kept and starts when Redis is back */
                        enqueued: boolean;
                        /** @description In the order they are synced */
                        entities: string[];
                        /** Format: uuid */
                        jobId: string;
                        /** @enum {string} */
                        mode: "full" | "incremental" | "backfill";
                        /** @description What a backfill is about */
                        selection: components["schemas"]["Selection"] | null;
                        /** @enum {string} */
                        status: "queued";
                        statusUrl: string;
                        syncType: string;
                    };
                };
            };
        };
    };
    getAlerts: {
        parameters: {
            query?: {
                connectionId?: string;
                kind?: "failures" | "slow" | "stale" | "needs_reauth" | "webhook_silent" | "differences" | "restored";
                limit?: number;
                page?: number;
                /** @description closed: those that were cleared; all: these as well */
                state?: "open" | "closed" | "all";
            };
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page, the latest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Alert"][];
                        /** @description How many are open, by kind */
                        open: {
                            [key: string]: number;
                        };
                        pagination: {
                            limit: number;
                            page: number;
                            total: number;
                            totalPages: number;
                        };
                    };
                };
            };
        };
    };
    getDurations: {
        parameters: {
            query?: {
                /** @description A point for each. Days and weeks are those of UTC, weeks begin on Monday */
                bucket?: "hour" | "day" | "week";
                /** @description Of one connection; of all unless given */
                connectionId?: string;
                /** @description Syncs count by when they were asked for. 30 days before `to` unless given */
                from?: string;
                /** @description Up to then, and not including it; now unless given */
                to?: string;
            };
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Lines with a point for each part of the window */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        bucket: "hour" | "day" | "week";
                        /** Format: date-time */
                        from: string;
                        series: {
                            connector: string;
                            points: {
                                /**
                                 * Format: date-time
                                 * @description When the part begins
                                 */
                                at: string;
                                averageSeconds: number | null;
                                longestSeconds: number | null;
                                p50Seconds: number | null;
                                p95Seconds: number | null;
                                syncs: number;
                            }[];
                        }[];
                        /** Format: date-time */
                        to: string;
                    };
                };
            };
        };
    };
    getFailures: {
        parameters: {
            query?: {
                /** @description A point for each. Days and weeks are those of UTC, weeks begin on Monday */
                bucket?: "hour" | "day" | "week";
                /** @description Of one connection; of all unless given */
                connectionId?: string;
                /** @description Syncs count by when they were asked for. 30 days before `to` unless given */
                from?: string;
                /** @description Up to then, and not including it; now unless given */
                to?: string;
            };
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Lines with a point for each part of the window */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        bucket: "hour" | "day" | "week";
                        /** Format: date-time */
                        from: string;
                        /** @description The most frequent first */
                        patterns: {
                            connector: string;
                            entity: string;
                            errorCode: string;
                            /** Format: date-time */
                            lastAt: string;
                            /** Format: uuid */
                            lastJobId: string;
                            points: {
                                /**
                                 * Format: date-time
                                 * @description When the part begins
                                 */
                                at: string;
                                runs: number;
                            }[];
                            runs: number;
                        }[];
                        /** Format: date-time */
                        to: string;
                    };
                };
            };
        };
    };
    getFreshness: {
        parameters: {
            query?: {
                /** @description A point for each. Days and weeks are those of UTC, weeks begin on Monday */
                bucket?: "hour" | "day" | "week";
                /** @description Of one connection; of all unless given */
                connectionId?: string;
                /** @description Syncs count by when they were asked for. 30 days before `to` unless given */
                from?: string;
                /** @description Up to then, and not including it; now unless given */
                to?: string;
            };
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Lines with a point for each part of the window */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        bucket: "hour" | "day" | "week";
                        /** Format: date-time */
                        from: string;
                        /** @description Of every entity that a schedule brings */
                        now: {
                            ageSeconds: number;
                            /** @description Up to when the entity is known to be complete */
                            confirmedAt: string | null;
                            /** Format: uuid */
                            connectionId: string;
                            connectionName: string;
                            connector: string;
                            entity: string;
                            isLate: boolean;
                            targetSeconds: number;
                        }[];
                        series: {
                            /** Format: uuid */
                            connectionId: string;
                            connector: string;
                            entity: string;
                            points: {
                                /** @description Null: not complete yet, or not in the history any more */
                                ageSeconds: number | null;
                                /**
                                 * Format: date-time
                                 * @description When the part ends
                                 */
                                at: string;
                            }[];
                        }[];
                        /** Format: date-time */
                        to: string;
                    };
                };
            };
        };
    };
    getSuccess: {
        parameters: {
            query?: {
                /** @description A point for each. Days and weeks are those of UTC, weeks begin on Monday */
                bucket?: "hour" | "day" | "week";
                /** @description Of one connection; of all unless given */
                connectionId?: string;
                /** @description Syncs count by when they were asked for. 30 days before `to` unless given */
                from?: string;
                /** @description Up to then, and not including it; now unless given */
                to?: string;
            };
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Lines with a point for each part of the window */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        bucket: "hour" | "day" | "week";
                        /** Format: date-time */
                        from: string;
                        series: {
                            connector: string;
                            points: {
                                /**
                                 * Format: date-time
                                 * @description When the part begins
                                 */
                                at: string;
                                cancelled: number;
                                failed: number;
                                partial: number;
                                succeeded: number;
                                /** @description Of those that ended by themselves, 0 to 1; null without any */
                                successRate: number | null;
                            }[];
                        }[];
                        /** Format: date-time */
                        to: string;
                    };
                };
            };
        };
    };
    getThroughput: {
        parameters: {
            query?: {
                /** @description A point for each. Days and weeks are those of UTC, weeks begin on Monday */
                bucket?: "hour" | "day" | "week";
                /** @description Of one connection; of all unless given */
                connectionId?: string;
                /** @description Syncs count by when they were asked for. 30 days before `to` unless given */
                from?: string;
                /** @description Up to then, and not including it; now unless given */
                to?: string;
            };
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Lines with a point for each part of the window */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        bucket: "hour" | "day" | "week";
                        /** Format: date-time */
                        from: string;
                        series: {
                            connector: string;
                            entity: string;
                            points: {
                                /**
                                 * Format: date-time
                                 * @description When the part begins
                                 */
                                at: string;
                                created: number;
                                deleted: number;
                                failed: number;
                                read: number;
                                /** @description While runs were under way; null without any */
                                recordsPerSecond: number | null;
                                runs: number;
                                unchanged: number;
                                updated: number;
                            }[];
                        }[];
                        /** Format: date-time */
                        to: string;
                    };
                };
            };
        };
    };
    getApiKeys: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Oldest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["ApiKey"][];
                    };
                };
            };
        };
    };
    postApiKey: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "dashboard",
                 *       "role": "viewer"
                 *     }
                 */
                "application/json": {
                    /**
                     * Format: date-time
                     * @description It opens nothing from then on. Left out: until it is revoked
                     */
                    expiresAt?: string;
                    /** @description What it is for: the audit log names it */
                    name: string;
                    /** @enum {string} */
                    role: "viewer" | "operator" | "admin";
                };
            };
        };
        responses: {
            /** @description The key, shown once */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: date-time */
                        createdAt: string;
                        createdBy: string;
                        expiresAt: string | null;
                        /** Format: uuid */
                        id: string;
                        /** @description The whole key. It is not kept: nobody can tell it again */
                        key: string;
                        /** @description To the minute; null when it was never used */
                        lastUsedAt: string | null;
                        name: string;
                        /** @description How the key begins */
                        prefix: string;
                        revokedAt: string | null;
                        /** @enum {string} */
                        role: "viewer" | "operator" | "admin";
                    };
                };
            };
        };
    };
    deleteApiKey: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path: {
                /** @description The id of the key, not the key */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It opens nothing any more */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKey"];
                };
            };
        };
    };
    getAudit: {
        parameters: {
            query?: {
                action?: string;
                /** @description Exactly who */
                actor?: string;
                limit?: number;
                page?: number;
                /** @description A part of who, in whatever case */
                search?: string;
                /** @description This moment and later */
                since?: string;
                /** @description Before this moment */
                until?: string;
            };
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page, the latest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["AuditEntry"][];
                        pagination: {
                            limit: number;
                            page: number;
                            total: number;
                            totalPages: number;
                        };
                    };
                };
            };
        };
    };
    getAuditActions: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description By the alphabet */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: string[];
                    };
                };
            };
        };
    };
    postClinikoImportPatients: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path: {
                /** @description The id of the organization, its slug or its external id */
                organization_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is in Postgres, and will run */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * Format: uuid
                         * @description The same as sync_id: an import is a sync, and is followed like one
                         */
                        import_id: string;
                        message: string;
                        organization_id: string;
                        /** @description Connections of which no sync was started, and why */
                        skipped: {
                            /** Format: uuid */
                            connection_id: string;
                            error_code: string;
                            /** @enum {string} */
                            error_type: "credentials_not_found" | "credentials_invalid" | "api_connection_failed" | "api_request_refused" | "rate_limit_exceeded" | "invalid_data_format" | "database_error" | "queue_unavailable" | "sync_already_running" | "sync_not_allowed" | "sync_incomplete" | "invalid_request" | "not_found" | "authentication_failed" | "permission_denied" | "internal_error";
                            message: string;
                            /**
                             * Format: uuid
                             * @description The sync of that connection that is running already
                             */
                            sync_id?: string;
                        }[];
                        /** @enum {boolean} */
                        success: true;
                        /**
                         * Format: uuid
                         * @description The sync to follow; the first one, where several connections are synced
                         */
                        sync_id: string;
                        /** @description All that were started, one for each connection */
                        sync_ids: string[];
                        /** Format: date-time */
                        timestamp: string;
                    };
                };
            };
        };
    };
    getClinikoStatus: {
        parameters: {
            query?: {
                /** @description Needed where the organization has several accounts there */
                connection_id?: string;
            };
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path: {
                /** @description The id of the organization, its slug or its external id */
                organization_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How it stands; without an account, `cliniko_connected` is false */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        api_region: string | null;
                        cliniko_connected: boolean;
                        connection_id: string | null;
                        /** @description False since Cliniko refused them, until they are changed */
                        credentials_valid: boolean;
                        /** @description When the last sync began */
                        last_sync: string | null;
                        organization_id: string;
                        /** @description Whether syncs of it start by themselves */
                        sync_enabled: boolean;
                        /**
                         * @description degraded: the last sync could not keep some records. failing: it could not read an entity
                         * @enum {string}
                         */
                        sync_status: "healthy" | "degraded" | "failing" | "never_synced" | "stopped" | "paused" | "needs_reauth" | "not_connected";
                        /** @description Those that are not deleted */
                        total_patients: number;
                    };
                };
            };
        };
    };
    postClinikoSync: {
        parameters: {
            query?: {
                mode?: "comprehensive" | "basic" | "patients-only" | "active";
            };
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path: {
                /** @description The id of the organization, its slug or its external id */
                organization_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is in Postgres, and will run */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        message: string;
                        organization_id: string;
                        /** @description Connections of which no sync was started, and why */
                        skipped: {
                            /** Format: uuid */
                            connection_id: string;
                            error_code: string;
                            /** @enum {string} */
                            error_type: "credentials_not_found" | "credentials_invalid" | "api_connection_failed" | "api_request_refused" | "rate_limit_exceeded" | "invalid_data_format" | "database_error" | "queue_unavailable" | "sync_already_running" | "sync_not_allowed" | "sync_incomplete" | "invalid_request" | "not_found" | "authentication_failed" | "permission_denied" | "internal_error";
                            message: string;
                            /**
                             * Format: uuid
                             * @description The sync of that connection that is running already
                             */
                            sync_id?: string;
                        }[];
                        /** @enum {boolean} */
                        success: true;
                        /**
                         * Format: uuid
                         * @description The sync to follow; the first one, where several connections are synced
                         */
                        sync_id: string;
                        /** @description All that were started, one for each connection */
                        sync_ids: string[];
                        /** @enum {string} */
                        sync_mode: "comprehensive" | "basic" | "patients-only" | "active";
                        /** Format: date-time */
                        timestamp: string;
                    };
                };
            };
        };
    };
    getClinikoTestConnection: {
        parameters: {
            query?: {
                /** @description Needed where the organization has several accounts there */
                connection_id?: string;
            };
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path: {
                /** @description The id of the organization, its slug or its external id */
                organization_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The test was made; `success` says what came of it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        api_region: string | null;
                        /** @enum {string} */
                        connection_status: "healthy" | "unauthorized" | "unhealthy";
                        /** @description Without success */
                        details?: {
                            /** @description Stable, and finer than error_type: [all codes](/docs/errors) */
                            error_code: string;
                            /** @enum {string} */
                            error_type: "credentials_not_found" | "credentials_invalid" | "api_connection_failed" | "api_request_refused" | "rate_limit_exceeded" | "invalid_data_format" | "database_error" | "queue_unavailable" | "sync_already_running" | "sync_not_allowed" | "sync_incomplete" | "invalid_request" | "not_found" | "authentication_failed" | "permission_denied" | "internal_error";
                            /** @description With invalid_request: every field that is wrong */
                            errors?: {
                                field: string;
                                message: string;
                            }[];
                            /** @description What happened this time, and what to do about it */
                            message: string;
                            /** @description Seconds, as in the header Retry-After; null where waiting changes nothing */
                            retry_after: number | null;
                            /**
                             * Format: uuid
                             * @description With sync_already_running: the sync to follow instead
                             */
                            sync_id?: string;
                        };
                        /** @description Without success */
                        error?: string;
                        response_time_ms: number;
                        success: boolean;
                        /** Format: date-time */
                        test_timestamp: string;
                    };
                };
            };
        };
    };
    getConnections: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Oldest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Connection"][];
                    };
                };
            };
        };
    };
    postConnection: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "connector": "practicepanther",
                 *       "name": "head office",
                 *       "credentials": {
                 *         "clientId": "…",
                 *         "clientSecret": "…",
                 *         "refreshToken": "…"
                 *       }
                 *     }
                 */
                "application/json": {
                    /** @enum {string} */
                    connector: "practicepanther" | "cliniko" | "notion" | "irelandpay";
                    /** @description As the connector needs them. Kept encrypted, and never told again */
                    credentials: {
                        [key: string]: unknown;
                    };
                    /** @description Known by it, among those of its connector */
                    name: string;
                    /** @default {} */
                    settings?: {
                        [key: string]: unknown;
                    };
                };
            };
        };
        responses: {
            /** @description The connection */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Connection"];
                };
            };
        };
    };
    getConnection: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path: {
                /** @description The id of a connection */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The connection */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Connection"];
                };
            };
        };
    };
    deleteConnection: {
        parameters: {
            query: {
                /** @description keep: the rows that it has synced stay, and nothing updates them. delete: they go as well */
                data: "keep" | "delete";
            };
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path: {
                /** @description The id of a connection */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone; its rows follow */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        data: "keep" | "delete";
                        /** @enum {boolean} */
                        deleted: true;
                        /** Format: uuid */
                        id: string;
                    };
                };
            };
        };
    };
    patchConnection: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path: {
                /** @description The id of a connection */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description As the connector needs them. Kept encrypted, and never told again */
                    credentials?: {
                        [key: string]: unknown;
                    };
                    /** @description Known by it, among those of its connector */
                    name?: string;
                    /** @description Those that change; null brings a default back */
                    settings?: {
                        [key: string]: unknown;
                    };
                };
            };
        };
        responses: {
            /** @description The connection */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Connection"];
                };
            };
        };
    };
    getCircuit: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path: {
                /** @description The id of a connection */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How it stands now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Circuit"];
                };
            };
        };
    };
    postCircuitClose: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path: {
                /** @description The id of a connection */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How it stands now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Circuit"];
                };
            };
        };
    };
    postCircuitOpen: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path: {
                /** @description The id of a connection */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How it stands now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Circuit"];
                };
            };
        };
    };
    getConnectionEntities: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path: {
                /** @description The id of a connection */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description In the order in which they are synced */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["EntityOverview"][];
                    };
                };
            };
        };
    };
    getConnectionHistory: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path: {
                /** @description The id of a connection */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How far it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["History"];
                };
            };
        };
    };
    postConnectionHistoryPause: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path: {
                /** @description The id of a connection */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How far it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["History"];
                };
            };
        };
    };
    postConnectionHistoryStart: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path: {
                /** @description The id of a connection */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How far it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["History"];
                };
            };
        };
    };
    postConnectionPause: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path: {
                /** @description The id of a connection */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The connection */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Connection"];
                };
            };
        };
    };
    postConnectionResume: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path: {
                /** @description The id of a connection */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The connection */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Connection"];
                };
            };
        };
    };
    postConnectionTest: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path: {
                /** @description The id of a connection */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The test was made; `success` says what came of it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description From the request here to the answer, in milliseconds */
                        roundTripMs: number;
                        /** @description What the vendor said */
                        sample: {
                            [key: string]: unknown;
                        };
                        /** @enum {boolean} */
                        success: true;
                    } | {
                        code: string;
                        hint: string;
                        message: string;
                        /** @description From the request here to the answer, in milliseconds */
                        roundTripMs: number;
                        /** @enum {boolean} */
                        success: false;
                    };
                };
            };
        };
    };
    getVerifications: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path: {
                /** @description The id of a connection */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The latest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Verification"][];
                    };
                };
            };
        };
    };
    postConnectionVerify: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path: {
                /** @description The id of a connection */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "entities": [
                 *         "matters"
                 *       ]
                 *     }
                 */
                "application/json": {
                    /**
                     * @description Those to look at; none: all
                     * @default []
                     */
                    entities?: string[];
                };
            };
        };
        responses: {
            /** @description Ordered */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Verification"];
                };
            };
        };
    };
    getConnectionWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path: {
                /** @description The id of a connection */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How the connection's webhook is set up */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookSetUp"];
                };
            };
        };
    };
    postConnectionWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path: {
                /** @description The id of a connection */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How the connection's webhook is set up */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookSetUp"];
                };
            };
        };
    };
    deleteConnectionWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path: {
                /** @description The id of a connection */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How the connection's webhook is set up */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookSetUp"];
                };
            };
        };
    };
    getWebhookDeliveries: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before; means nothing by itself */
                cursor?: string;
                limit?: number;
                /** @description open: those that are not done */
                outcome?: "written" | "deleted" | "unknown" | "failed" | "sync" | "expired" | "open";
            };
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path: {
                /** @description The id of a connection */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The latest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["WebhookDelivery"][];
                        /** @description To be sent as `cursor` for the next page; null at the end */
                        nextCursor: string | null;
                    };
                };
            };
        };
    };
    getConnectors: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description May be kept for five minutes */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Connector"][];
                    };
                };
            };
        };
    };
    getEvents: {
        parameters: {
            query?: never;
            header?: {
                "last-event-id"?: string;
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Events, until the client goes, or for a quarter of an hour */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
        };
    };
    getFailedItems: {
        parameters: {
            query?: {
                /** @description An error code */
                code?: string;
                connectionId?: string;
                entity?: string;
                /** @description What is wrong: a field of the record, a column or a constraint */
                field?: string;
                kind?: "record" | "entity_run" | "job" | "sweep";
                limit?: number;
                page?: number;
                /** @description open: everything that is not resolved */
                status?: "pending" | "retrying" | "resolved" | "dead" | "open";
                /** @description The vendor's id of the record */
                vendorId?: string;
                /** @description Instead of field: items that name none */
                withoutField?: "true";
            };
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page, newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["FailedItem"][];
                        pagination: {
                            limit: number;
                            page: number;
                            total: number;
                            totalPages: number;
                        };
                    };
                };
            };
        };
    };
    getFailedItem: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path: {
                /** @description The id of the failed item */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The item */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FailedItemWithPayload"];
                };
            };
        };
    };
    patchFailedItem: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path: {
                /** @description The id of the failed item */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The whole record */
                    payload: {
                        [key: string]: unknown;
                    };
                };
            };
        };
        responses: {
            /** @description The payload is kept */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        item: components["schemas"]["FailedItemWithPayload"];
                        /** @description What would stand in the way of this payload; empty if nothing does */
                        problems: {
                            field: string | null;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    getFailedItemHistory: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path: {
                /** @description The id of the failed item */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What happened */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description In its order: the first, and the latest hundred */
                        data: components["schemas"]["FailedItemEvent"][];
                        /** @description Items of the same record that were settled before; ten at most, the latest first */
                        earlier: components["schemas"]["FailedItem"][];
                    };
                };
            };
        };
    };
    postFailedItemResolve: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path: {
                /** @description The id of the failed item */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Why */
                    note: string;
                };
            };
        };
        responses: {
            /** @description It is resolved */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        item: components["schemas"]["FailedItem"];
                    };
                };
            };
        };
    };
    postFailedItemRetry: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path: {
                /** @description The id of the failed item */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is due, or is being tried already */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description False while Redis is away: it is tried when Redis is back */
                        enqueued: boolean;
                        item: components["schemas"]["FailedItem"];
                    };
                };
            };
        };
    };
    getFailedItemGroups: {
        parameters: {
            query?: {
                /** @description An error code */
                code?: string;
                connectionId?: string;
                entity?: string;
                /** @description What is wrong: a field of the record, a column or a constraint */
                field?: string;
                kind?: "record" | "entity_run" | "job" | "sweep";
                /** @description open: everything that is not resolved */
                status?: "pending" | "retrying" | "resolved" | "dead" | "open";
                /** @description The vendor's id of the record */
                vendorId?: string;
                /** @description Instead of field: items that name none */
                withoutField?: "true";
            };
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A hundred at most, the biggest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["FailedItemGroup"][];
                    };
                };
            };
        };
    };
    postFailedItemsResolve: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "filter": {
                 *         "entity": "contacts",
                 *         "status": "dead"
                 *       },
                 *       "note": "deleted at the vendor"
                 *     }
                 */
                "application/json": {
                    filter?: {
                        /** @description An error code */
                        code?: string;
                        /** Format: uuid */
                        connectionId?: string;
                        entity?: string;
                        /** @description What is wrong: a field of the record, a column or a constraint */
                        field?: string;
                        /** @enum {string} */
                        kind?: "record" | "entity_run" | "job" | "sweep";
                        /**
                         * @description open: everything that is not resolved
                         * @enum {string}
                         */
                        status?: "pending" | "retrying" | "resolved" | "dead" | "open";
                        /** @description The vendor's id of the record */
                        vendorId?: string;
                        /**
                         * @description Instead of field: items that name none
                         * @enum {string}
                         */
                        withoutField?: "true";
                    };
                    ids?: string[];
                    /** @description Why, of all of them */
                    note: string;
                };
            };
        };
        responses: {
            /** @description They are resolved */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description There may be more that the filter means: ask again */
                        more: boolean;
                        /** @description Items that are closed now; those that were before do not count */
                        resolved: number;
                    };
                };
            };
        };
    };
    postFailedItemsRetry: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "filter": {
                 *         "entity": "contacts",
                 *         "status": "dead"
                 *       }
                 *     }
                 */
                "application/json": {
                    filter?: {
                        /** @description An error code */
                        code?: string;
                        /** Format: uuid */
                        connectionId?: string;
                        entity?: string;
                        /** @description What is wrong: a field of the record, a column or a constraint */
                        field?: string;
                        /** @enum {string} */
                        kind?: "record" | "entity_run" | "job" | "sweep";
                        /**
                         * @description open: everything that is not resolved
                         * @enum {string}
                         */
                        status?: "pending" | "retrying" | "resolved" | "dead" | "open";
                        /** @description The vendor's id of the record */
                        vendorId?: string;
                        /**
                         * @description Instead of field: items that name none
                         * @enum {string}
                         */
                        withoutField?: "true";
                    };
                    ids?: string[];
                };
            };
        };
        responses: {
            /** @description They are due */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description False while Redis is away: they are tried when Redis is back */
                        enqueued: boolean;
                        /** @description There may be more that the filter means: ask again */
                        more: boolean;
                        /** @description Items that are due now; those being tried and resolved ones do not count */
                        retried: number;
                    };
                };
            };
        };
    };
    getFailedItemsSummary: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Totals and groups */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The largest first */
                        groups: {
                            attempts: number;
                            code: string;
                            /** Format: uuid */
                            connectionId: string;
                            entity: string | null;
                            items: number;
                            /** @enum {string} */
                            kind: "record" | "entity_run" | "job" | "sweep";
                            /** Format: date-time */
                            newest: string;
                            nextAttemptAt: string | null;
                            /** Format: date-time */
                            oldest: string;
                            /** @enum {string} */
                            status: "pending" | "retrying" | "resolved" | "dead";
                        }[];
                        totals: {
                            dead: number;
                            open: number;
                            pending: number;
                            resolved: number;
                            retrying: number;
                        };
                    };
                };
            };
        };
    };
    getInstallation: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As the environment of this process says */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Installation"];
                };
            };
        };
    };
    postMaintenanceCleanup: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "daysToKeep": 90
                 *     }
                 */
                "application/json": {
                    /**
                     * @description What ended longer ago goes; SYNCLINE_RETENTION_DAYS unless given
                     * @default 90
                     */
                    daysToKeep?: number;
                };
            };
        };
        responses: {
            /** @description It is gone */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description False: there is more than goes in 10 seconds. Ask again */
                        complete: boolean;
                        daysToKeep: number;
                        /** @description Rows that went, by table */
                        deleted: {
                            audit_log: number;
                            sync_failed_items: number;
                            sync_jobs: number;
                            sync_progress: number;
                            sync_schedule_runs: number;
                        };
                    };
                };
            };
        };
    };
    getMembers: {
        parameters: {
            query?: {
                /** @description Those who are shut out, or those who are not */
                blocked?: "true" | "false";
                /** @description `nextCursor` of the page before; means nothing by itself */
                cursor?: string;
                limit?: number;
                /** @description A part of the name, the address or the subject */
                search?: string;
            };
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page; who came for the first time last comes first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Member"][];
                        /** @description To be sent as `cursor` for the next page; null at the end */
                        nextCursor: string | null;
                    };
                };
            };
        };
    };
    deleteMember: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path: {
                /** @description The id of the member, not the subject */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Nothing is known of them any more */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    postMemberBlock: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path: {
                /** @description The id of the member, not the subject */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "reason": "Left the firm"
                 *     }
                 */
                "application/json": {
                    /** @description For the audit log, and for who asks later */
                    reason: string;
                };
            };
        };
        responses: {
            /** @description They are out */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Member"];
                };
            };
        };
    };
    postMemberUnblock: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path: {
                /** @description The id of the member, not the subject */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description They may come in */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Member"];
                };
            };
        };
    };
    getOrganizations: {
        parameters: {
            query?: {
                limit?: number;
                page?: number;
                /** @description A part of the name, the slug or the external id */
                search?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page, by slug */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Organization"][];
                        pagination: {
                            limit: number;
                            page: number;
                            total: number;
                            totalPages: number;
                        };
                    };
                };
            };
        };
    };
    postOrganization: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "slug": "north-clinic",
                 *       "name": "North Clinic",
                 *       "externalId": "org_2xwHiNrj68eaRUlX10anlXGvzX7"
                 *     }
                 */
                "application/json": {
                    /**
                     * @description What an identity provider calls it, as tokens name it: Clerk's org_…
                     * @default null
                     */
                    externalId?: string | null;
                    name: string;
                    /** @description For people and paths */
                    slug: string;
                };
            };
        };
        responses: {
            /** @description The organization */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Organization"];
                };
            };
        };
    };
    getOrganization: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id, slug or external id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The organization */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Organization"];
                };
            };
        };
    };
    patchOrganization: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id, slug or external id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description What an identity provider calls it, as tokens name it: Clerk's org_… */
                    externalId?: string | null;
                    name?: string;
                    /** @description For people and paths */
                    slug?: string;
                };
            };
        };
        responses: {
            /** @description The organization */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Organization"];
                };
            };
        };
    };
    getOverview: {
        parameters: {
            query?: {
                connector?: string;
                /** @description `nextCursor` of the page before; means nothing by itself */
                cursor?: string;
                limit?: number;
                /** @description A part of the name, or of the connector’s id */
                search?: string;
                state?: "paused" | "problem" | "running" | "fine";
            };
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Those with problems first, then by name */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["ConnectionOverview"][];
                        /** @description To be sent as `cursor` for the next page; null at the end */
                        nextCursor: string | null;
                        /** @description The emergency stop */
                        stop: {
                            by: string | null;
                            isActive: boolean;
                            /** @description As whoever pressed it gave it */
                            reason: string | null;
                            since: string | null;
                        };
                        /** @description Of all connections, whatever was asked for; each has one state */
                        totals: {
                            connections: number;
                            openAlerts: number;
                            openFailedItems: number;
                            paused: number;
                            problem: number;
                            running: number;
                        };
                    };
                };
            };
        };
    };
    getSchedules: {
        parameters: {
            query?: {
                connectionId?: string;
            };
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Those of a connection together, by name */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Schedule"][];
                        /** @description False where ENABLE_SYNC_SCHEDULER is: nothing is started */
                        schedulerEnabled: boolean;
                    };
                };
            };
        };
    };
    postSchedule: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "connectionId": "6f0d5b3e-3f0b-4f0e-9d51-0a1c2e7f5a10",
                 *       "name": "office hours",
                 *       "cron": "0 9-17/2 * * 1-5",
                 *       "timeZone": "America/New_York",
                 *       "entities": [
                 *         "matters",
                 *         "tasks"
                 *       ],
                 *       "mode": "incremental"
                 *     }
                 */
                "application/json": {
                    /** Format: uuid */
                    connectionId: string;
                    /** @description Five fields: minute, hour, day of month, month, day of week. Instead of intervalSeconds */
                    cron?: string;
                    enabled?: boolean;
                    /** @description With what they depend on; empty for all */
                    entities?: string[];
                    /** @description Instead of cron. At which second of it a connection has its turn is its own */
                    intervalSeconds?: number;
                    /**
                     * @description A sync, or a verification: the vendor's records are held against the rows
                     * @enum {string}
                     */
                    mode: "full" | "incremental" | "verify";
                    /** @description Known by it, within its connection */
                    name: string;
                    /** @description Of the cron expression, such as America/New_York; UTC unless given */
                    timeZone?: string;
                };
            };
        };
        responses: {
            /** @description The schedule */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedule"];
                };
            };
        };
    };
    deleteSchedule: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path: {
                /** @description The id of a schedule */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {boolean} */
                        deleted: true;
                        /** Format: uuid */
                        id: string;
                    };
                };
            };
        };
    };
    patchSchedule: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path: {
                /** @description The id of a schedule */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Five fields: minute, hour, day of month, month, day of week. Instead of intervalSeconds */
                    cron?: string;
                    enabled?: boolean;
                    /** @description With what they depend on; empty for all */
                    entities?: string[];
                    /** @description Instead of cron. At which second of it a connection has its turn is its own */
                    intervalSeconds?: number;
                    /**
                     * @description A sync, or a verification: the vendor's records are held against the rows
                     * @enum {string}
                     */
                    mode?: "full" | "incremental" | "verify";
                    /** @description Known by it, within its connection */
                    name?: string;
                    /** @description Of the cron expression, such as America/New_York; UTC unless given */
                    timeZone?: string;
                };
            };
        };
        responses: {
            /** @description The schedule */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedule"];
                };
            };
        };
    };
    getScheduleRuns: {
        parameters: {
            query?: {
                limit?: number;
                page?: number;
            };
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path: {
                /** @description The id of a schedule */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page, newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["ScheduleRun"][];
                        pagination: {
                            limit: number;
                            page: number;
                            total: number;
                            totalPages: number;
                        };
                    };
                };
            };
        };
    };
    postSchedulePreview: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "cron": "0 9-17/2 * * 1-5",
                 *       "timeZone": "America/New_York"
                 *     }
                 */
                "application/json": {
                    /** Format: uuid */
                    connectionId?: string;
                    /** @description Five fields: minute, hour, day of month, month, day of week. Instead of intervalSeconds */
                    cron?: string;
                    enabled?: boolean;
                    /** @description With what they depend on; empty for all */
                    entities?: string[];
                    /** @description Instead of cron. At which second of it a connection has its turn is its own */
                    intervalSeconds?: number;
                    /**
                     * @description A sync, or a verification: the vendor's records are held against the rows
                     * @enum {string}
                     */
                    mode?: "full" | "incremental" | "verify";
                    /** @description Known by it, within its connection */
                    name?: string;
                    /** @description Of the cron expression, such as America/New_York; UTC unless given */
                    timeZone?: string;
                };
            };
        };
        responses: {
            /** @description What it means */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The next five at which it would be due; fewer where it has no more */
                        times: string[];
                        /** @description Of the words */
                        timeZone: string;
                        words: string;
                    };
                };
            };
        };
    };
    getSession: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Whose key, token or session it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
        };
    };
    postSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "key": "syncline_…"
                 *     }
                 */
                "application/json": {
                    /** @description An API key, the platform key, or a token of the identity provider */
                    key: string;
                };
            };
        };
        responses: {
            /** @description Who that is; the cookie is set */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
        };
    };
    deleteSession: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It has none any more */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    postSessionLocal: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The platform; the cookie is set */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
        };
    };
    postCleanup: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description They are settled */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Syncs that have ended by it */
                        cleaned_syncs: number;
                        message: string;
                        /** @description Syncs that were lost, and go on */
                        resumed_syncs: number;
                        /** Format: date-time */
                        timestamp: string;
                    };
                };
            };
        };
    };
    getHistory: {
        parameters: {
            query?: {
                limit?: number;
            };
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path: {
                /** @description The id of the organization, its slug or its external id */
                organization_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The history */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SyncHistory"];
                };
            };
        };
    };
    getSyncJobs: {
        parameters: {
            query?: {
                connectionId?: string;
                /** @description `nextCursor` of the page before; means nothing by itself */
                cursor?: string;
                /** @description Asked for at this moment or later */
                from?: string;
                limit?: number;
                mode?: "full" | "incremental" | "backfill";
                status?: "queued" | "running" | "succeeded" | "partial" | "failed" | "cancelled";
                /** @description Asked for before this moment */
                to?: string;
                trigger?: "manual" | "schedule" | "webhook" | "recovery";
            };
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of syncs */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["SyncJobSummary"][];
                        /** @description To be sent as `cursor` for the next page; null at the end */
                        nextCursor: string | null;
                    };
                };
            };
        };
    };
    postSyncJob: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** Format: uuid */
                    connectionId: string;
                    /** @description Those, and what they depend on; all of them unless given */
                    entities?: string[];
                    /**
                     * @description incremental unless given
                     * @enum {string}
                     */
                    mode?: "full" | "incremental";
                    /**
                     * @description Only these records. Moves no watermark and deletes nothing unseen. By ids: of one entity
                     * @example {
                     *       "id": "b7c3a6c2-9f34-4f3a-8d54-3c1c7b1a0003"
                     *     }
                     * @example {
                     *       "from": "2025-06-01",
                     *       "to": "2025-06-30"
                     *     }
                     */
                    selection?: {
                        /** @description Records changed then or later. A date is its first moment, in UTC */
                        from?: string;
                        /** @description The vendor's id of one record */
                        id?: string;
                        /** @description The same for several records of one entity */
                        ids?: string[];
                        /** @description Records changed then or earlier; up to now unless given. A date is its last moment, in UTC */
                        to?: string;
                    };
                };
            };
        };
        responses: {
            /** @description The job is in Postgres, and will run */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description False while Redis is away: the job is kept and starts when Redis is back */
                        enqueued: boolean;
                        /** @description In the order they are synced, those included that others depend on */
                        entities: string[];
                        /** Format: uuid */
                        jobId: string;
                        /** @enum {string} */
                        mode: "full" | "incremental" | "backfill";
                        /** @description What a backfill is about */
                        selection: components["schemas"]["Selection"] | null;
                        statusUrl: string;
                    };
                };
            };
        };
    };
    getSyncJob: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path: {
                /** @description The id that the trigger answered with */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SyncJob"];
                };
            };
        };
    };
    postJobCancel: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path: {
                /** @description The id that the trigger answered with */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It has ended */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        id: string;
                        /** @enum {string} */
                        status: "cancelled";
                    };
                };
            };
        };
    };
    getSyncJobLog: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before; means nothing by itself */
                cursor?: string;
                limit?: number;
                /** @description desc: the latest first */
                order?: "asc" | "desc";
            };
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path: {
                /** @description The id of a sync */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description In the order asked for, the oldest first unless said */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["JobLogLine"][];
                        /** @description To be sent as `cursor` for the next page; null at the end */
                        nextCursor: string | null;
                    };
                };
            };
        };
    };
    getProgress: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path: {
                /** @description The id that the start of the sync answered with */
                sync_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The sync */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SyncProgress"];
                };
            };
        };
    };
    getProgressStream: {
        parameters: {
            query?: never;
            header?: {
                "last-event-id"?: string;
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path: {
                /** @description The id that the start of the sync answered with */
                sync_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Events, until the sync has ended */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description The sync has ended, and the caller has seen its last event */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    getSchedulerStatus: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How it stands */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description When the last sync began; null when there was none */
                        last_sync_time: string | null;
                        message: string;
                        next_sync_time: string | null;
                        organization_id: string;
                        /** @description Whether syncs of this organization start by themselves */
                        scheduler_active: boolean;
                        sync_running: boolean;
                    };
                };
            };
        };
    };
    postSchedulerTrigger: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is in Postgres, and will run */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        message: string;
                        organization_id: string;
                        /** @description Connections of which no sync was started, and why */
                        skipped: {
                            /** Format: uuid */
                            connection_id: string;
                            error_code: string;
                            /** @enum {string} */
                            error_type: "credentials_not_found" | "credentials_invalid" | "api_connection_failed" | "api_request_refused" | "rate_limit_exceeded" | "invalid_data_format" | "database_error" | "queue_unavailable" | "sync_already_running" | "sync_not_allowed" | "sync_incomplete" | "invalid_request" | "not_found" | "authentication_failed" | "permission_denied" | "internal_error";
                            message: string;
                            /**
                             * Format: uuid
                             * @description The sync of that connection that is running already
                             */
                            sync_id?: string;
                        }[];
                        /**
                         * Format: uuid
                         * @description The sync to follow; the first one, where several connections are synced
                         */
                        sync_id: string;
                        /** @description All that were started, one for each connection */
                        sync_ids: string[];
                        /** @enum {boolean} */
                        sync_started: true;
                        /** Format: date-time */
                        timestamp: string;
                    };
                };
            };
        };
    };
    postStart: {
        parameters: {
            query?: {
                /** @description active unless given; then a vendor that has no such mode syncs what changed */
                sync_mode?: "comprehensive" | "basic" | "patients-only" | "active";
            };
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path: {
                /** @description The id of the organization, its slug or its external id */
                organization_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is in Postgres, and will run */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        message: string;
                        organization_id: string;
                        /** @description Connections of which no sync was started, and why */
                        skipped: {
                            /** Format: uuid */
                            connection_id: string;
                            error_code: string;
                            /** @enum {string} */
                            error_type: "credentials_not_found" | "credentials_invalid" | "api_connection_failed" | "api_request_refused" | "rate_limit_exceeded" | "invalid_data_format" | "database_error" | "queue_unavailable" | "sync_already_running" | "sync_not_allowed" | "sync_incomplete" | "invalid_request" | "not_found" | "authentication_failed" | "permission_denied" | "internal_error";
                            message: string;
                            /**
                             * Format: uuid
                             * @description The sync of that connection that is running already
                             */
                            sync_id?: string;
                        }[];
                        /** Format: date-time */
                        started_at: string;
                        /**
                         * Format: uuid
                         * @description The sync to follow; the first one, where several connections are synced
                         */
                        sync_id: string;
                        /** @description All that were started, one for each connection */
                        sync_ids: string[];
                        /** @enum {string} */
                        sync_mode: "comprehensive" | "basic" | "patients-only" | "active";
                    };
                };
            };
        };
    };
    postTrigger: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * Format: uuid
                     * @description All unless given
                     */
                    connection_id?: string;
                    /**
                     * @description What changed since the last time, of everything, unless given
                     * @enum {string}
                     */
                    mode?: "comprehensive" | "basic" | "patients-only" | "active";
                };
            };
        };
        responses: {
            /** @description It is in Postgres, and will run */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        message: string;
                        organization_id: string;
                        /** @description Connections of which no sync was started, and why */
                        skipped: {
                            /** Format: uuid */
                            connection_id: string;
                            error_code: string;
                            /** @enum {string} */
                            error_type: "credentials_not_found" | "credentials_invalid" | "api_connection_failed" | "api_request_refused" | "rate_limit_exceeded" | "invalid_data_format" | "database_error" | "queue_unavailable" | "sync_already_running" | "sync_not_allowed" | "sync_incomplete" | "invalid_request" | "not_found" | "authentication_failed" | "permission_denied" | "internal_error";
                            message: string;
                            /**
                             * Format: uuid
                             * @description The sync of that connection that is running already
                             */
                            sync_id?: string;
                        }[];
                        /**
                         * Format: uuid
                         * @description The sync to follow; the first one, where several connections are synced
                         */
                        sync_id: string;
                        /** @description All that were started, one for each connection */
                        sync_ids: string[];
                        /** @enum {boolean} */
                        sync_started: true;
                        /** Format: date-time */
                        timestamp: string;
                    };
                };
            };
        };
    };
    getVerification: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path: {
                /** @description The verification's id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The report */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VerificationReport"];
                };
            };
        };
    };
    postVerificationCancel: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path: {
                /** @description The verification's id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It has ended */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Verification"];
                };
            };
        };
    };
    getFindings: {
        parameters: {
            query?: {
                /** @description With `afterId`: go on behind this finding */
                afterEntity?: string;
                afterId?: string;
                entity?: string;
                kind?: "missing" | "extra" | "stale" | "different";
                limit?: number;
            };
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path: {
                /** @description The verification's id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of findings */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Finding"][];
                        /** @description What to ask for next; null at the end */
                        next: {
                            afterEntity: string;
                            afterId: string;
                        } | null;
                    };
                };
            };
        };
    };
    postVerificationRepair: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path: {
                /** @description The verification's id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ordered */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Verification"];
                };
            };
        };
    };
    getWebhooks: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Connections whose vendors tell of changes, by name */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["WebhookDay"][];
                    };
                };
            };
        };
    };
    postWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of a connector, such as `notion` */
                connector: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It stands in Postgres, or is of no interest here. What it tells of is fetched soon */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        message: string;
                        /** @enum {boolean} */
                        success: true;
                        /** Format: date-time */
                        timestamp: string;
                    };
                };
            };
        };
    };
    postWebhookOfConnection: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of a connection */
                connection: string;
                /** @description The id of a connector, such as `notion` */
                connector: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It stands in Postgres, or is of no interest here. What it tells of is fetched soon */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        message: string;
                        /** @enum {boolean} */
                        success: true;
                        /** Format: date-time */
                        timestamp: string;
                    };
                };
            };
        };
    };
    postWebhookOfPath: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of a connection */
                connection: string;
                /** @description The id of a connector, such as `notion` */
                connector: string;
                /** @description What `POST /api/v1/connections/{id}/webhook` has made. It stands in no log */
                token: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It stands in Postgres, or is of no interest here. What it tells of is fetched soon */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        message: string;
                        /** @enum {boolean} */
                        success: true;
                        /** Format: date-time */
                        timestamp: string;
                    };
                };
            };
        };
    };
    getWebhookHealth: {
        parameters: {
            query?: {
                /** @description Of this one only */
                connectionId?: string;
            };
            header?: {
                /** @description The organization that the request is about: its id, slug or external id */
                "X-Organization-ID"?: string;
            };
            path: {
                /** @description The id of a connector, such as `notion` */
                connector: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Nothing of any record */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            /** @description Every connection has a key, or a path with a token */
                            configured: boolean;
                            connections: components["schemas"]["Webhook"][];
                            lastDelivery: string | null;
                            /** @description Every connection has been sent something that its key had signed, or to its path */
                            verified: boolean;
                        };
                        /** @enum {boolean} */
                        success: true;
                        /** Format: date-time */
                        timestamp: string;
                    };
                };
            };
        };
    };
    getHealthz: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It does */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        status: "ok";
                    };
                };
            };
        };
    };
    getMetrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As Prometheus reads them */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain; version=0.0.4; charset=utf-8": string;
                };
            };
        };
    };
    getReadyz: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Both can be used */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description `ok`, or why not */
                        checks: {
                            installation: string;
                            migrations: string;
                            postgres: string;
                            redis: string;
                        };
                        /** @enum {string} */
                        status: "ok" | "unavailable";
                    };
                };
            };
        };
    };
}
