import {
  Activity,
  BellRing,
  Building2,
  ChartLine,
  CircleAlert,
  Gauge,
  KeyRound,
  Layers,
  type LucideIcon,
  ScrollText,
  Settings,
  Webhook,
} from 'lucide-react';
import type { Role } from '../api/session.js';

interface Place {
  readonly to: string;
  readonly label: string;
  readonly icon: LucideIcon;
  /** Who is shown it; everybody unless said. */
  readonly role?: Role;
}

/** The places of the page, in the order of how often they are looked at. */
export const places: readonly Place[] = [
  { to: '/', label: 'Overview', icon: Gauge },
  { to: '/alerts', label: 'Alerts', icon: BellRing },
  { to: '/syncs', label: 'Syncs', icon: Activity },
  { to: '/failed-items', label: 'Failed items', icon: CircleAlert },
  { to: '/analytics', label: 'Analytics', icon: ChartLine },
  { to: '/webhooks', label: 'Webhooks', icon: Webhook },
  { to: '/audit', label: 'Audit', icon: ScrollText },
  { to: '/access', label: 'Access', icon: KeyRound },
  { to: '/organizations', label: 'Organizations', icon: Building2, role: 'platform' },
  { to: '/queues', label: 'Queues', icon: Layers, role: 'platform' },
  { to: '/settings', label: 'Settings', icon: Settings },
];
