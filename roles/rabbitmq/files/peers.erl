%% SPDX-License-Identifier: GPL-3.0-or-later
%% What RabbitMQ forgets about members that were away and are back, see docs/decisions/0026: it watches them no longer, so it neither
%% looks for them nor cleans up after them when they are away again. This runs in the server itself, beside all that it does.
spawn(fun() ->
    register(steady_peers, self()),
    ok = net_kernel:monitor_nodes(true),
    (fun Watch() ->
        receive
            {nodeup, _} -> catch rabbit_node_monitor:notify_node_up();  % each of the two watches the other again
            {nodedown, _} -> ok
        after 10000 ->
            catch rabbit_node_monitor:ping_all()  % of its cluster; there is none while the server stops or starts
        end,
        Watch()
    end)()
end).
