import { Dialog } from '@base-ui/react/dialog';
import { Link, Outlet } from '@tanstack/react-router';
import { LogOut, Menu, Moon } from 'lucide-react';
import { useState } from 'react';
import { LiveProvider } from '../api/live.js';
import { useMay, useSession, useSignOut } from '../api/session.js';
import { Button } from '../ui/button.js';
import { Disconnected } from './disconnected.js';
import { places } from './navigation.js';
import { OrganizationChooser } from './organization-chooser.js';
import { Stopped } from './stopped.js';
import { toggleTheme } from './theme.js';

/** What stands around every page: where one can go, as whom, and for which organization. */
export function Shell() {
  const [isOpen, setOpen] = useState(false);
  return (
    <div className="min-h-dvh lg:grid lg:grid-cols-[15rem_1fr]">
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:fixed focus:top-3 focus:left-3 focus:z-50 focus:rounded-lg focus:bg-surface focus:px-3 focus:py-2"
      >
        Skip to the page
      </a>
      <aside className="sticky top-0 hidden h-dvh flex-col border-r border-line bg-surface lg:flex">
        <Brand />
        <Places />
        <Account />
      </aside>
      <header className="sticky top-0 z-30 flex items-center justify-between border-b border-line bg-surface pr-2 lg:hidden">
        <Brand />
        <Dialog.Root open={isOpen} onOpenChange={setOpen}>
          <Dialog.Trigger aria-label="Menu" className="rounded-lg p-3 text-ink-soft">
            <Menu size={20} aria-hidden="true" />
          </Dialog.Trigger>
          <Dialog.Portal>
            <Dialog.Backdrop className="fixed inset-0 z-40 bg-black/45" />
            <Dialog.Popup className="fixed inset-y-0 right-0 z-50 flex w-72 max-w-[85vw] flex-col bg-surface shadow-xl">
              <Dialog.Title className="px-5 pt-4 text-sm font-semibold">Menu</Dialog.Title>
              <Places onGo={() => setOpen(false)} />
              <Account />
            </Dialog.Popup>
          </Dialog.Portal>
        </Dialog.Root>
      </header>
      <main id="main" tabIndex={-1} className="mx-auto w-full max-w-7xl px-4 py-6 outline-none sm:px-6">
        <LiveProvider>
          <Disconnected />
          <Stopped />
          <Outlet />
        </LiveProvider>
      </main>
    </div>
  );
}

function Brand() {
  return (
    <Link to="/" className="flex items-center gap-2.5 px-5 py-4 text-base font-semibold tracking-tight">
      <img src="/app/icon.svg" alt="" width={24} height={24} />
      Syncline
    </Link>
  );
}

function Places({ onGo }: { readonly onGo?: () => void }) {
  const isPlatform = useMay('platform');
  return (
    <nav aria-label="Pages" className="flex-1 overflow-y-auto px-3 py-2">
      <ul className="flex flex-col gap-0.5">
        {places
          .filter(({ role }) => role === undefined || isPlatform)
          .map(({ to, label, icon: Icon }) => (
            <li key={to}>
              <Link
                to={to}
                activeOptions={{ exact: to === '/' }}
                onClick={onGo}
                className="flex min-h-9 items-center gap-3 rounded-lg px-3 text-sm text-ink-soft hover:bg-sunken hover:text-ink aria-[current=page]:bg-accent-soft aria-[current=page]:font-medium aria-[current=page]:text-ink"
              >
                <Icon size={17} aria-hidden="true" />
                {label}
              </Link>
            </li>
          ))}
      </ul>
    </nav>
  );
}

function Account() {
  const { name, role } = useSession();
  const signOut = useSignOut();
  return (
    <div className="flex flex-col gap-3 border-t border-line p-4">
      <OrganizationChooser />
      <div className="flex items-center justify-between gap-2">
        <div className="min-w-0">
          <p className="line-clamp-2 text-sm leading-5 font-medium">{name}</p>
          <p className="text-xs text-ink-soft">{role}</p>
        </div>
        <div className="flex">
          <Button
            look="quiet"
            aria-label="Light or dark"
            title="Light or dark"
            onClick={toggleTheme}
            className="px-2.5"
          >
            <Moon size={16} aria-hidden="true" />
          </Button>
          <Button
            look="quiet"
            aria-label="Sign out"
            title="Sign out"
            isBusy={signOut.isPending}
            onClick={() => signOut.mutate()}
            className="px-2.5"
          >
            <LogOut size={16} aria-hidden="true" />
          </Button>
        </div>
      </div>
    </div>
  );
}
