// One way to do something on the server from a button: message when done, problem text when refused.
import { useMutation, useQueryClient, type QueryKey } from '@tanstack/react-query';
import { App } from 'antd';
import { useProblemText } from './components/feedback';

/** `touches`: the first parts of the query keys whose answers the act changes. */
export function useAct<In, Out>(
  act: (input: In) => Promise<Out>,
  options: { touches?: QueryKey[]; done?: string | ((out: Out) => string); quiet?: boolean } = {},
) {
  const client = useQueryClient();
  const { message } = App.useApp();
  const text = useProblemText();
  return useMutation({
    mutationFn: act,
    onSuccess: async (out) => {
      await Promise.all((options.touches ?? []).map((queryKey) => client.invalidateQueries({ queryKey })));
      const done = typeof options.done === 'function' ? options.done(out) : options.done;
      if (done) void message.success(done);
    },
    onError: (error) => {
      if (!options.quiet) void message.error(text(error));
    },
  });
}
