// All talk of the account pages with the server.
import { useMutation, useQuery } from '@tanstack/react-query';
import { api } from '@/shared/api/client';
import type {
  Answer,
  ApiKey,
  DeviceSession,
  Invitation,
  Page,
  Preferences,
  Role,
  RoleGrant,
  SignInAnswer,
  SignUp,
  Tenant,
  User,
} from '@/shared/api/types';

export const keys = {
  users: ['/users'],
  invitations: ['/users/invitations'],
  sessions: ['/sessions'],
  api_keys: ['/api-keys'],
  tenant: ['/tenant'],
} as const;

export const sign_up = (input: SignUp) => api.create<{ next: SignInAnswer['next'] }>('/sign-up', input);
export const sign_in = (input: { email: string; password: string }) => api.post<SignInAnswer>('/sign-in', input);
export const verify_totp = (code: string) => api.post<SignInAnswer>('/sign-in/totp', { code });
export const verify_recovery = (code: string) => api.post<SignInAnswer>('/sign-in/recovery-code', { code });
export const confirm_mfa = (code: string) => api.post<{ recovery_codes: string[] }>('/mfa/confirm', { code });
export const change_password = (input: { current: string; new: string }) =>
  api.post<SignInAnswer | undefined>('/password', { current: input.current, new_password: input.new });

export function useEnrolment() {
  return useMutation({
    mutationFn: () => api.post<{ secret_base32: string; otpauth_uri: string }>('/mfa/enrol'),
  });
}

export function useInvitation(token: string) {
  return useQuery({
    queryKey: ['/invitations', token],
    queryFn: ({ signal }) =>
      api.get<{ email: string; name: string; tenant_name: string; expires_at: string }>(
        `/invitations/${encodeURIComponent(token)}`,
        {},
        signal,
      ),
    retry: false,
  });
}

export const accept_invitation = (input: { token: string; name: string; password: string }) =>
  api.post<SignInAnswer>(`/invitations/${encodeURIComponent(input.token)}/accept`, {
    name: input.name,
    password: input.password,
  });

export function useUser(id: string) {
  return useQuery({ queryKey: ['/users', id], queryFn: ({ signal }) => api.get<User>(`/users/${id}`, {}, signal) });
}

export function useInvitations() {
  return useQuery({
    queryKey: keys.invitations,
    queryFn: ({ signal }) => api.get<Page<Invitation>>('/users/invitations', {}, signal),
    select: (page) => page.items,
  });
}

export function useRoles() {
  return useQuery({
    queryKey: ['/roles'],
    queryFn: ({ signal }) => api.get<Page<Role>>('/roles', {}, signal),
    select: (page) => page.items,
    staleTime: 300_000,
  });
}

export const invite = (input: { email: string; name: string; roles: RoleGrant[] }) =>
  api.create<{ invitation_id: string; link_token: string }>('/users/invitations', input);
export const withdraw_invitation = (id: string) => api.remove<void>(`/users/invitations/${id}`);
export const set_roles = (input: { id: string; roles: RoleGrant[] }) =>
  api.put<void>(`/users/${input.id}/roles`, { roles: input.roles });
export const disable_user = (input: { id: string; reason: string }) =>
  api.post<void>(`/users/${input.id}/disable`, { reason: input.reason });
export const release_user = (id: string) => api.post<void>(`/users/${id}/release`);
export const enable_user = (id: string) => api.post<void>(`/users/${id}/enable`);
export const reset_mfa = (id: string) => api.post<void>(`/users/${id}/reset-mfa`);

export function useSessions() {
  return useQuery({
    queryKey: keys.sessions,
    queryFn: ({ signal }) => api.get<Page<DeviceSession>>('/sessions', {}, signal),
    select: (page) => page.items,
  });
}
export const end_session = (id: string) => api.remove<void>(`/sessions/${id}`);

export function useApiKeys() {
  return useQuery({
    queryKey: keys.api_keys,
    queryFn: ({ signal }) => api.get<Page<ApiKey>>('/api-keys', {}, signal),
    select: (page) => page.items,
  });
}
export const create_api_key = (input: {
  name: string;
  permissions: string[];
  shops: string[] | null;
  expires_at: string | null;
}) => api.create<{ id: string; key: string }>('/api-keys', input);
export const revoke_api_key = (id: string) => api.remove<void>(`/api-keys/${id}`);

export function useTenant() {
  return useQuery({ queryKey: keys.tenant, queryFn: ({ signal }) => api.get<Tenant>('/tenant', {}, signal) });
}
export const save_tenant = (input: Partial<Tenant>) => api.put<Tenant>('/tenant', input);
/** The server keeps one object whole, so a change is put into what is there. */
export const save_preferences = async (input: Preferences) =>
  api.put<void>('/me/preferences', { ...(await api.get<Preferences>('/me/preferences')), ...input });

/** A link by which a colleague sets a forgotten password anew; shown once. */
export const reset_password = (id: string) => api.create<{ link_token: string }>(`/users/${id}/reset-password`, {});

export function usePasswordReset(token: string) {
  return useQuery({
    queryKey: ['/password-resets', token],
    queryFn: ({ signal }) =>
      api.get<Answer<'/api/v1/password-resets/{token}'>>(`/password-resets/${encodeURIComponent(token)}`, {}, signal),
    retry: false,
  });
}

export const accept_password_reset = (input: { token: string; password: string }) =>
  api.post<SignInAnswer>(`/password-resets/${encodeURIComponent(input.token)}/accept`, { password: input.password });
