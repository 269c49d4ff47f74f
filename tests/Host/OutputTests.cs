namespace SwarmOps.Tests.Host;

public sealed class OutputTests
{
    [Fact]
    public async Task Objects_are_drawn_as_a_table_without_colours_when_there_is_no_terminal()
    {
        var result = await HostProcess.CommandAsync("[pscustomobject]@{ Name = 'a'; Count = 1 }, [pscustomobject]@{ Name = 'b'; Count = 22 }");
        Assert.Equal(["Name Count", "---- -----", "a        1", "b       22"], result.Lines);
        Assert.DoesNotContain('\u001b', result.Output);
    }

    [Fact]
    public async Task A_table_is_120_columns_wide_when_there_is_no_terminal()
    {
        var result = await HostProcess.CommandAsync("[pscustomobject]@{ A = 'x' * 58; B = 'y' * 58 }");
        Assert.Contains(new string('x', 58) + " " + new string('y', 58), result.Output);
    }

    [Fact]
    public async Task The_views_of_a_module_draw_its_objects()
    {
        var folder = Directory.CreateTempSubdirectory("swarmops-host-").FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "Boxes.psm1"), "function Get-Box { [pscustomobject]@{ PSTypeName = 'Boxes.Box'; Size = 4; Secret = 'hidden' } }", TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(Path.Combine(folder, "Boxes.psd1"), "@{ RootModule = 'Boxes.psm1'; ModuleVersion = '1.0'; FormatsToProcess = 'Boxes.Format.ps1xml' }", TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(Path.Combine(folder, "Boxes.Format.ps1xml"), BoxView, TestContext.Current.CancellationToken);
            var result = await HostProcess.CommandAsync($"Import-Module '{folder}/Boxes.psd1'; Get-Box");
            Assert.Equal("", result.Error);
            Assert.Equal(["Edge", "----", "4"], result.Lines);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task What_was_emitted_before_a_terminating_error_is_drawn()
    {
        var result = await HostProcess.ScriptAsync("[pscustomobject]@{ A = 1 }; Get-Nothing; throw 'the end'");
        Assert.Equal(["A", "-", "1"], result.Lines);
        Assert.Contains("Get-Nothing", result.Error);
        Assert.Contains("the end", result.Error);
        Assert.Equal(1, result.ExitCode);
    }

    [Fact]
    public async Task An_error_shows_message_position_recommendation_and_id_on_standard_error()
    {
        var result = await HostProcess.ScriptAsync("""
            function Test-Thing
            {
                [CmdletBinding()] param()
                $record = [System.Management.Automation.ErrorRecord]::new([System.InvalidOperationException]::new('It is broken.'), 'Thing.Broken', 'InvalidOperation', 'thing1')
                $record.ErrorDetails = [System.Management.Automation.ErrorDetails]::new('It is broken.')
                $record.ErrorDetails.RecommendedAction = 'Run Repair-Thing.'
                $PSCmdlet.WriteError($record)
            }
            Test-Thing
            [System.IO.File]::ReadAllText('/nowhere')
            """);
        Assert.Equal("", result.Output);
        Assert.Contains("It is broken.", result.Error);
        Assert.Contains("Recommendation: Run Repair-Thing.", result.Error);
        Assert.Contains("Id: Thing.Broken,Test-Thing", result.Error);
        Assert.Contains("10 |", result.Error);
        Assert.Contains("ReadAllText('/nowhere')", result.Error);
        Assert.DoesNotContain('\u001b', result.Error);
    }

    [Fact]
    public async Task Each_stream_is_written_as_pwsh_writes_it()
    {
        var result = await HostProcess.ScriptAsync(
            """
            [CmdletBinding()] param()
            $PSCmdlet.WriteWarning('careful')
            $PSCmdlet.WriteVerbose('detail')
            $PSCmdlet.WriteDebug('depth')
            $PSCmdlet.WriteInformation('fact', @())
            $PSCmdlet.WriteInformation([System.Management.Automation.HostInformationMessage]@{ Message = 'said'; ForegroundColor = 'Green' }, @('PSHOST'))
            $progress = [System.Management.Automation.ProgressRecord]::new(1, 'Working', 'half')
            $PSCmdlet.WriteProgress($progress)
            $Host.UI.WriteErrorLine('to stderr')
            """,
            "-Verbose",
            "-Debug",
            "-InformationAction",
            "Continue",
            "-WarningAction",
            "Continue");
        Assert.Equal("to stderr", result.Error.Trim());
        Assert.Equal(["WARNING: careful", "VERBOSE: detail", "DEBUG: depth", "fact", "said"], result.Lines);
    }

    private const string BoxView = """
        <Configuration><ViewDefinitions><View><Name>Box</Name><ViewSelectedBy><TypeName>Boxes.Box</TypeName></ViewSelectedBy>
        <TableControl><TableHeaders><TableColumnHeader><Label>Edge</Label></TableColumnHeader></TableHeaders>
        <TableRowEntries><TableRowEntry><TableColumnItems><TableColumnItem><PropertyName>Size</PropertyName></TableColumnItem></TableColumnItems></TableRowEntry></TableRowEntries>
        </TableControl></View></ViewDefinitions></Configuration>
        """;
}
