using SwarmOps.Galera.State;

namespace SwarmOps.Tests.Unit.Galera;

public sealed class GaleraReaderTests
{
    [Fact]
    public void Of_a_server_that_crashed_its_first_errors_count()
    {
        string[] lines = ["[Note] WSREP: GMCast", "0 [ERROR] mariadbd: unknown variable 'x=1'", "0 [ERROR] Aborting", "3 [ERROR] WSREP: State wait was interrupted", "[ERROR] mariadbd got signal 11 ;", "Max open files 20000", "", "Kernel version: 6"];

        Assert.Equal(["0 [ERROR] mariadbd: unknown variable 'x=1'", "3 [ERROR] WSREP: State wait was interrupted", "[ERROR] mariadbd got signal 11 ;"], GaleraReader.WhatCounts(lines));
    }

    [Fact]
    public void Without_errors_its_last_words_count() =>
        Assert.Equal(["b", "c", "[Note] [SwarmOps]: the image lacks socat"], GaleraReader.WhatCounts(["a", "b", "", "c", "[Note] [SwarmOps]: the image lacks socat"]));
}
