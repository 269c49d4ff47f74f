using System.Diagnostics;
using System.Management.Automation;

namespace SwarmOps.Tests.Unit;

/// <summary>What every cmdlet inherits, in the real engine.</summary>
[Collection(nameof(PipelineLog))]
public sealed class PipelineCmdletTests : IDisposable
{
    private readonly PipelineSession session = new();

    public PipelineCmdletTests() => PipelineLog.Clear();

    public void Dispose() => session.Dispose();

    [Fact]
    public void Workers_write_to_every_stream()
    {
        using var shell = session.Create(
            "10, 20 | Test-Voice -Workers 20 -Verbose -WarningVariable warned -ErrorVariable failed -ErrorAction SilentlyContinue"
        );
        var objects = shell.Invoke().Select(item => (int)item.BaseObject).ToList();
        Assert.Equal(Enumerable.Range(10, 20).Concat(Enumerable.Range(20, 20)).Order(), objects.Order());
        Assert.True(objects.IndexOf(29) < 20, "the second object's work began before the first one's had ended");
        Assert.Equal(40, shell.Streams.Warning.Count);
        Assert.Equal(40, shell.Streams.Verbose.Count);
        Assert.Equal(40, shell.Streams.Progress.Count(record => record.RecordType == ProgressRecordType.Processing));
    }

    [Theory]
    [InlineData("1 | Test-Voice -ErrorAction SilentlyContinue")]
    [InlineData("try { Invoke-Failure known } catch { }")]
    public void No_line_of_progress_outlives_its_stage(string script)
    {
        using var shell = session.Create(script);
        shell.Invoke();
        Assert.Equal(ProgressRecordType.Completed, shell.Streams.Progress.Last().RecordType);
        Assert.Equal(
            shell.Streams.Progress.Count(record => record.RecordType == ProgressRecordType.Processing),
            shell.Streams.Progress.Count(record => record.RecordType == ProgressRecordType.Completed)
        );
    }

    [Fact]
    public void An_error_record_says_all_there_is_to_say()
    {
        using var shell = session.Create("1 | Test-Voice");
        shell.Invoke();
        var error = Assert.Single(shell.Streams.Error);
        Assert.Equal("ProbeError,SwarmOps.Tests.Unit.TestVoiceCommand", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.OperationTimeout, error.CategoryInfo.Category);
        Assert.Equal(0, error.TargetObject);
        Assert.Equal("Do this.", error.ErrorDetails.RecommendedAction);
        Assert.Equal("error 0", error.ToString());
    }

    [Theory]
    [InlineData("$ErrorActionPreference = 'Stop'; 1 | Test-Voice -Workers 5")]
    [InlineData("1 | Test-Voice -Workers 5 -ErrorAction Stop")]
    public void An_error_of_a_worker_stops_where_the_user_says_so(string script)
    {
        using var shell = session.Create(script);
        var exception = Assert.Throws<ActionPreferenceStopException>(() => shell.Invoke());
        Assert.StartsWith("ProbeError,", exception.ErrorRecord.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.DoesNotContain("end", PipelineLog.All);
    }

    [Fact]
    public void A_known_failure_terminates_with_its_id_after_what_was_written_before()
    {
        using var shell = session.Create("try { Invoke-Failure known | ForEach-Object { $script:seen = $_ } } catch { $_; $seen }");
        var result = shell.Invoke();
        var error = Assert.IsType<ErrorRecord>(result[0].BaseObject);
        Assert.Equal("ProbeFailed,SwarmOps.Tests.Unit.InvokeFailureCommand", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.ConnectionError, error.CategoryInfo.Category);
        Assert.Equal("target", error.TargetObject);
        Assert.Equal("Do that.", error.ErrorDetails.RecommendedAction);
        Assert.Equal("before", result[1].BaseObject);
    }

    [Theory]
    [InlineData("bug", typeof(InvalidDataException))]
    [InlineData("cancel", typeof(OperationCanceledException))]
    public void A_bug_comes_out_as_it_is(string how, Type type)
    {
        using var shell = session.Create($"try {{ Invoke-Failure {how} }} catch {{ $_.Exception }}");
        Assert.IsType(type, shell.Invoke()[^1].BaseObject);
    }

    [Fact]
    public async Task Ctrl_C_ends_a_wait_and_disposes()
    {
        var elapsed = await StopAsync("Wait-Probe");
        Assert.True(elapsed < TimeSpan.FromSeconds(1), $"it took {elapsed}");
        Assert.Equal(["cancelled", "disposed"], PipelineLog.All);
    }

    [Fact]
    public async Task Ctrl_C_ends_work_that_does_not_listen()
    {
        var elapsed = await StopAsync("Wait-Probe -Deaf");
        Assert.True(elapsed < TimeSpan.FromSeconds(2), $"it took {elapsed}");
        Assert.Equal(["disposed"], PipelineLog.All);
    }

    [Fact]
    public async Task What_work_says_after_its_end_is_dropped()
    {
        await StopAsync("Wait-Probe -Deaf -Talkative");
        var clock = Stopwatch.StartNew();
        while (!PipelineLog.All.Contains("talked") && clock.Elapsed < TimeSpan.FromSeconds(12))
            await Task.Delay(100, TestContext.Current.CancellationToken);
        Assert.Equal(["disposed", "deaf ended", "talked"], PipelineLog.All);
    }

    [Fact]
    public async Task Ctrl_C_ends_a_pipeline_of_two_stages()
    {
        var elapsed = await StopAsync("Wait-Probe | ForEach-Object { $_; Wait-Probe -Deaf }");
        Assert.True(elapsed < TimeSpan.FromSeconds(2), $"it took {elapsed}");
    }

    [Theory]
    [InlineData("foreach ($i in 1) { Get-Stream | ForEach-Object { $_; if ($_ -eq 3) { break } } }")]
    [InlineData("Get-Stream | ForEach-Object { $_; if ($_ -eq 3) { throw 'enough' } }")]
    [InlineData("Get-Stream | Test-Probe")]
    public void A_later_stage_that_wants_no_more_stops_the_work(string script)
    {
        using var shell = session.Create("function Test-Probe { process { $_; if ($_ -eq 3) { throw 'enough' } } }\n" + script);
        var clock = Stopwatch.StartNew();
        var objects = new PSDataCollection<PSObject>();
        try
        {
            shell.Invoke(null, objects);
        }
        catch (RuntimeException)
        {
            // Two of the three end with it.
        }

        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(3), $"it took {clock.Elapsed}");
        Assert.Equal(["cleaned up", "stream ended", "stream disposed"], PipelineLog.All);
        Assert.Equal([0, 1, 2, 3], objects.Select(item => (int)item.BaseObject));
    }

    [Fact]
    public void A_stage_inside_another_shares_the_thread()
    {
        using var shell = session.Create(
            "1, 2 | Test-Voice -ErrorAction Ignore | ForEach-Object { $_ * 10 | Test-Voice -ErrorAction Ignore | ForEach-Object { $_ + 1 | Test-Voice -ErrorAction Ignore } }"
        );
        Assert.Equal([11, 21], shell.Invoke().Select(item => (int)item.BaseObject));
    }

    [Fact]
    public void WhatIf_answers_the_workers_with_no()
    {
        using var shell = session.Create("Set-Probe -WhatIf");
        Assert.Equal([false, false, false], shell.Invoke().Select(item => (bool)item.BaseObject));
    }

    [Theory]
    [InlineData("Set-Probe -WhatIf -Verbose", true)]
    [InlineData("$WhatIfPreference = $true; try { Set-Probe -Verbose } finally { $WhatIfPreference = $false }", true)]
    [InlineData("Set-Probe -Confirm -Verbose", false)]
    public void WhatIf_is_told_from_a_no(string script, bool isWhatIf)
    {
        using var asking = new PipelineSession(new AnsweringHost(yes: 2, no: 2));
        using var shell = asking.Create(script);

        Assert.Equal([false, false, false], shell.Invoke().Select(item => (bool)item.BaseObject));
        Assert.Equal(isWhatIf, shell.Streams.Verbose.Any(line => line.Message == "shown only"));
    }

    /// <summary>As PowerShell itself words a target and an action.</summary>
    [Fact]
    public void The_words_of_a_confirmation_are_those_of_PowerShell()
    {
        using var shell = session.Create("Set-Probe -Verbose");
        shell.Invoke();

        Assert.Contains("Performing the operation \"Change\" on target \"target 0\".", shell.Streams.Verbose.Select(line => line.Message));
    }

    [Fact]
    public void Without_WhatIf_the_workers_are_answered_with_yes()
    {
        using var shell = session.Create("Set-Probe");
        Assert.Equal([true, true, true], shell.Invoke().Select(item => (bool)item.BaseObject));
    }

    [Fact]
    public void Confirm_asks_for_each_worker_in_turn()
    {
        using var asking = new PipelineSession(new AnsweringHost(yes: 0, no: 2));
        using var shell = asking.Create("Set-Probe -Confirm");
        Assert.Equal([false, true, true], shell.Invoke().Select(item => (bool)item.BaseObject).Order());
    }

    private async Task<TimeSpan> StopAsync(string script)
    {
        using var shell = session.Create(script);
        using var output = new PSDataCollection<PSObject>();
        var running = shell.BeginInvoke<PSObject, PSObject>(null, output);
        while (output.Count == 0)
            await Task.Delay(20, TestContext.Current.CancellationToken);
        var clock = Stopwatch.StartNew();
        await Task.Run(shell.Stop, TestContext.Current.CancellationToken);
        var elapsed = clock.Elapsed;
        Assert.Equal(PSInvocationState.Stopped, shell.InvocationStateInfo.State);
        Assert.Throws<PipelineStoppedException>(() => shell.EndInvoke(running));
        return elapsed;
    }
}
