import { create } from 'zustand';
import { persist } from 'zustand/middleware';

type Workspace = {
  /** The project last chosen. */
  projectId: string | null;
  sidebarOpen: boolean;
  chooseProject: (projectId: string) => void;
  toggleSidebar: () => void;
};

/** What a person's browser remembers of how they work. */
export const useWorkspace = create<Workspace>()(
  persist(
    (set) => ({
      projectId: null,
      sidebarOpen: true,
      chooseProject: (projectId) => set({ projectId }),
      toggleSidebar: () => set(({ sidebarOpen }) => ({ sidebarOpen: !sidebarOpen })),
    }),
    { name: 'mallo.workspace' },
  ),
);
