using System.Net.Sockets;

namespace SwarmOps.Transport;

/// <summary>Makes TCP notice within 20 s that the other side is gone. By default that takes 15 minutes with unacknowledged data, and is never noticed without.</summary>
internal static class KeepAlive
{
    private const int IdleSeconds = 8;
    private const int ProbeSeconds = 4;
    private const int Probes = 3;

    /// <summary>Linux: <c>TCP_USER_TIMEOUT</c> (tcp(7)): limits how long sent data may stay unacknowledged. .NET has no name for it.</summary>
    private const int TcpUserTimeout = 18;

    /// <summary>Sets it on a connected socket.</summary>
    public static void Set(Socket socket)
    {
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, IdleSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, ProbeSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, Probes);
        if (!OperatingSystem.IsLinux())
            return;
        const int milliseconds = (IdleSeconds + (Probes * ProbeSeconds)) * 1000;
        socket.SetRawSocketOption((int)SocketOptionLevel.Tcp, TcpUserTimeout, BitConverter.GetBytes(milliseconds));
    }
}
