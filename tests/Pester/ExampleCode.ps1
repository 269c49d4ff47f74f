# What the tests of documented code share: the PowerShell blocks of Markdown pages, and what is wrong with a piece of code before anyone runs it.

# The blocks of a page (or a whole script) with the heading above each, its line and its mark: <!-- example: MARK --> between the heading and the block,
# which neither a browser nor Get-Help shows.
function Get-ExampleCode([string] $Path) {
    $page = Split-Path -Leaf $Path
    if ($page.EndsWith('.ps1')) {
        return [pscustomobject]@{ Page = $page; Section = ''; Title = ''; Line = 1; Mark = ''; Code = Get-Content -LiteralPath $Path -Raw }
    }
    $number = 0
    $section = $title = $mark = $fence = ''
    $code = [System.Collections.Generic.List[string]]::new()
    foreach ($line in Get-Content -LiteralPath $Path) {
        $number++
        if ($fence) {
            if ($line -ne '```') { $code.Add($line); continue }
            if ($fence -eq 'powershell') {
                [pscustomobject]@{ Page = $page; Section = $section; Title = $title; Line = $number - $code.Count; Mark = $mark; Code = $code -join "`n" }
            }
            $fence = $mark = ''
            $code.Clear()
        }
        elseif ($line -match '^```(\w*)$') { $fence = $Matches[1] ? $Matches[1] : 'text' }
        elseif ($line -match '^<!-- example: (.+) -->$') { $mark = $Matches[1] }
        elseif ($line -match '^## (.+)$') { $section = $Matches[1]; $title = $mark = '' }
        elseif ($line -match '^### (.+)$') { $title = $Matches[1]; $mark = '' }
    }
    if ($fence) { throw "${Path}: a code block has no end." }
}

# What a user who typed this would be told, one line for each problem: syntax, commands and parameters that do not exist, values that a parameter refuses,
# parameters that do not go together or are missing. PowerShell's own binder answers, so prefixes, aliases and positions count as they do at the prompt.
function Get-CodeProblem([string] $Code, [string[]] $Elsewhere = @()) {
    $errors = $null
    $script = [System.Management.Automation.Language.Parser]::ParseInput($Code, [ref] $null, [ref] $errors)
    $errors | ForEach-Object Message
    $own = Get-ScriptPart $script FunctionDefinitionAst | ForEach-Object Name
    foreach ($command in Get-ScriptPart $script CommandAst) {
        $name = $command.GetCommandName()
        if ($name -notmatch '^\w+-\w+$' -or $name -in $own -or $name -in $Elsewhere) { continue }
        $known = Get-Command $name -ErrorAction Ignore
        if (-not $known) { "there is no command $name"; continue }
        if ($known.CommandType -ne 'Cmdlet') { continue }
        Get-CommandProblem $command $known $script | ForEach-Object { "${name}: $_" }
    }
}

function Get-ScriptPart([System.Management.Automation.Language.Ast] $Script, [string] $Type) {
    $Script.FindAll({ $args[0].GetType().Name -eq $Type }.GetNewClosure(), $true)
}

function Get-CommandProblem([object] $Command, [System.Management.Automation.CmdletInfo] $Cmdlet, [object] $Script) {
    $bound = [System.Management.Automation.Language.StaticParameterBinder]::BindCommand($Command, $true)
    # The binder does not know what is piped, and may miss it as the argument of a parameter that nobody wrote; nor a second splat, nor what a provider adds.
    $written = @($Command.CommandElements | ForEach-Object { $_.ParameterName } | Where-Object { $_ })
    $isDynamic = $Cmdlet.ImplementingType.IsAssignableTo([System.Management.Automation.IDynamicParameters])
    $failures = @($bound.BindingExceptions.Values | Where-Object { -not $_.CommandElement.Splatted } | ForEach-Object BindingException | Where-Object {
            $failure = $_
            switch ($failure.ErrorId) {
                'MissingArgument' { [bool] ($written | Where-Object { $failure.ParameterName -like "$_*" }) }
                'NamedParameterNotFound' { -not $isDynamic }
                default { $true }
            }
        })
    $failures | ForEach-Object Message
    foreach ($pair in $bound.BoundParameters.GetEnumerator()) {
        if ($null -ne $pair.Value.ConstantValue -and $Cmdlet.Parameters.ContainsKey($pair.Key)) {
            Get-ValueProblem $Cmdlet.Parameters[$pair.Key] $pair.Value.ConstantValue
        }
    }
    $given = @($bound.BoundParameters.Keys)
    $splats = @($Command.CommandElements | Where-Object { $_ -is [System.Management.Automation.Language.VariableExpressionAst] -and $_.Splatted })
    $open = $failures.Count -gt 0
    foreach ($splat in $splats) {
        $table = Get-SplatTable $Script $splat.VariablePath.UserPath
        if (-not $table) { $open = $true; continue }
        foreach ($key in $table.KeyValuePairs.Item1) {
            try { $given += $Cmdlet.ResolveParameter($key.Value).Name } catch { $_.Exception.InnerException.Message ?? $_.Exception.Message }
        }
    }
    if (-not $open) { Get-MissingParameter $Cmdlet $given (Test-TakesPipeline $Command) }
}

# The table that a script assigns to the variable of a splat; nothing when it comes from elsewhere.
function Get-SplatTable([object] $Script, [string] $Name) {
    Get-ScriptPart $Script AssignmentStatementAst |
        Where-Object { $_.Left.Extent.Text -eq "`$$Name" } |
        ForEach-Object { $_.Right.Find({ $args[0] -is [System.Management.Automation.Language.HashtableAst] }, $false) } |
        Select-Object -First 1
}

function Get-ValueProblem([System.Management.Automation.ParameterMetadata] $Parameter, [object] $Value) {
    if ($Parameter.Attributes.Where({ $_ -is [System.Management.Automation.ArgumentTransformationAttribute] })) { return }
    $converted = $null
    if (-not [System.Management.Automation.LanguagePrimitives]::TryConvertTo($Value, $Parameter.ParameterType, [ref] $converted)) {
        return "-$($Parameter.Name) does not take '$Value'"
    }
    foreach ($rule in $Parameter.Attributes) {
        $refused = switch ($rule.GetType().Name) {
            'ValidateSetAttribute' { @($converted).Where({ $_ -notin $rule.ValidValues }) }
            'ValidateRangeAttribute' { @($converted).Where({ $null -ne $rule.MinRange -and ($_ -lt $rule.MinRange -or $_ -gt $rule.MaxRange) }) }
        }
        if ($refused) { "-$($Parameter.Name) does not take '$refused'" }
    }
}

# Whether something is piped into a command: it is not the first of its pipeline.
function Test-TakesPipeline([object] $Command) {
    $Command.Parent -is [System.Management.Automation.Language.PipelineAst] -and $Command.Parent.PipelineElements[0] -ne $Command
}

# The mandatory parameters that no given one, and nothing from the pipeline, provides: those of the parameter set that lacks the fewest.
function Get-MissingParameter([System.Management.Automation.CmdletInfo] $Cmdlet, [string[]] $Given, [bool] $Piped) {
    $lacks = foreach ($set in $Cmdlet.ParameterSets) {
        if ($Given | Where-Object { $_ -notin $set.Parameters.Name }) { continue }
        , @($set.Parameters | Where-Object { $_.IsMandatory -and $_.Name -notin $Given -and -not ($Piped -and ($_.ValueFromPipeline -or $_.ValueFromPipelineByPropertyName)) })
    }
    $least = $lacks | Sort-Object Count | Select-Object -First 1
    if ($least) { "-$($least.Name -join ', -') is missing" }
}
