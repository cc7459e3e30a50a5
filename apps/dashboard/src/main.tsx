import { CSPProvider } from '@base-ui/react/csp-provider';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { makeQueryClient } from './api/query-client.js';
import { makeRouter } from './router.js';
import './styles.css';

const queries = makeQueryClient();
const router = makeRouter(queries);
const place = document.getElementById('root');
if (place === null) throw new Error('The page has no place for it');

createRoot(place).render(
  <StrictMode>
    {/* The policy allows no style elements; what they would hold is in our style sheet. */}
    <CSPProvider disableStyleElements>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </CSPProvider>
  </StrictMode>,
);
