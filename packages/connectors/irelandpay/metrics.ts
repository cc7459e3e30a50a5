import type { Refresh } from '@syncline/connector-kit';

/** Volumes per merchant, day and month, and net per month: migrations/0018. */
export const irelandPayMetrics: Refresh = {
  run: 'refresh_irelandpay_metrics',
  changes: 'irelandpay_metric_changes',
  tables: ['merchant_daily_volumes', 'merchant_monthly_volumes', 'monthly_residuals', 'monthly_net'],
};
